"""MiitN: a WordPress site with WP Job Manager and The Events Calendar, as `Observed on a real WordPress` says."""

from hub.sandbox.platforms.miitn.site import Miitn

__all__ = ["Miitn"]
