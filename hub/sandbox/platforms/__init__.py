"""The four partner platforms, each an aiohttp application in its own format."""

from hub.sandbox.platforms.miitn import Miitn
from hub.sandbox.platforms.noorderlink import Noorderlink
from hub.sandbox.platforms.platform import Platform
from hub.sandbox.platforms.traineelink import Traineelink
from hub.sandbox.platforms.vonk import Vonk

__all__ = ["Miitn", "Noorderlink", "Platform", "Traineelink", "Vonk"]
