"""The one place that holds the firmware's version and name."""

VERSION = "v1.0.0"
NAME = "powersocket"
