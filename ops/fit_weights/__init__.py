"""How the weights of the match model are set: start values by experts, moved by labelled pairs. `python -m ops.fit_weights`."""
