"""Stream processors: one file per hop, named by its verb; each a pure step and an `attach(app, …)`."""
