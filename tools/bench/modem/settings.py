# SPDX-License-Identifier: MIT
"""The modem's settings, and which of them outlive what.

AT&W stores the family's `profile`; its `auto_save` are stored as they are set; the rest is lost by
a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.bench.modem.families import Family

# ATZ and AT&F leave the line and the sleep mode as they are.
NOT_RESET = ("ipr", "ifc", "csclk")


@dataclass
class Settings:
    """Every setting of a modem with its factory default; fields are named as the commands.

    The defaults are the SIM800L's; a family names those that it has others of.
    """

    echo: int = 1
    verbose: int = 1
    quiet: int = 0
    x: int = 4
    registers: dict[int, int] = field(
        default_factory=lambda: {3: 13, 4: 10, 5: 8, 6: 2, 7: 60, 8: 2, 10: 15}
    )
    s0: int = 0
    cmee: int = 0
    creg: int = 0
    cgreg: int = 0
    cmgf: int = 0
    cnmi: tuple[int, ...] = (2, 1, 0, 0, 0)
    cscs: str = "IRA"
    clts: int = 0
    ipr: int = 0
    ifc: tuple[int, ...] = (0, 0)
    csclk: int = 0
    ciurc: int = 1
    ddet: int = 0
    moring: int = 0
    csmins: int = 0
    exunsol: int = 0
    cfgri: int = 0
    cnetlight: int = 1
    clcc: int = 0
    cmic: tuple[int, ...] = (10, 8, 10, 8)
    clvl: int = 60
    cops_mode: int = 0
    cfun: int = 1
    csca: str | None = None  # None: the SIM's own
    clip: int = 0
    colp: int = 0
    csmp: tuple[int, ...] = (17, 167, 0, 0)
    cpms: tuple[str, ...] = ("SM", "SM", "SM")
    cpbs: str = "SM"
    cops_format: int = 0
    cgatt: int = 1
    csdh: int = 0
    csms: int = 0
    cusd: int = 0
    gsmbusy: int = 0
    sjdr: tuple[int, ...] = (0, 1, 255, 1)
    cssn: tuple[int, ...] = (0, 0)
    ccwa: int = 0
    cbatchk: int = 1
    crc: int = 0
    cmms: int = 0
    # of the LTE families
    cereg: int = 0
    cvhu: int = 1
    ctzu: int = 0
    ctzr: int = 0
    cnmp: int = 2
    cnsmod: int = 0
    cgsms: int = 3
    cmicgain: int = 0
    coutgain: int = 0
    csdvc: int = 1
    ims: bool = True


class Memory:
    """The modem's non-volatile memory: the user profile and what is saved by itself."""

    def __init__(self, family: Family, **stored: object) -> None:
        self._family = family
        self._profile: dict[str, object] = dict(stored)

    def save(self, settings: Settings) -> None:
        """AT&W."""
        self._profile.update({name: getattr(settings, name) for name in self._family.profile})

    def auto_save(self, settings: Settings) -> None:
        """Keep what needs no AT&W; level 0 of CFUN is not kept."""
        for name in self._family.auto_save:
            if name != "cfun" or settings.cfun != 0:
                self._profile[name] = getattr(settings, name)

    def save_ipr(self, rate: int) -> None:
        """AT+IPR=n;&W or AT+IPREX=n in effect: the rate alone."""
        self._profile["ipr"] = rate

    def after_restart(self) -> Settings:
        """Return the settings with which the modem starts."""
        settings = self.fresh()
        for name, value in self._profile.items():
            setattr(settings, name, value)
        return settings

    def fresh(self) -> Settings:
        """Return the factory's settings."""
        return Settings(**self._family.defaults)

    def reset_profile(self, settings: Settings) -> None:
        """ATZ: back to the stored profile, but for the line."""
        self._take(self.after_restart(), settings)

    def factory(self, settings: Settings) -> None:
        """AT&F: the profile's factory defaults, but for the line."""
        self._take(self.fresh(), settings)

    def _take(self, source: Settings, settings: Settings) -> None:
        for name in self._family.profile:
            if name not in NOT_RESET:
                setattr(settings, name, getattr(source, name))
