"""The region's own time: its midnights begin and end its days, whatever clock the machine keeps."""

from zoneinfo import ZoneInfo

REGION_ZONE = ZoneInfo("Europe/Amsterdam")
