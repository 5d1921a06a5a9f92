"""What is going to happen in one run, drawn from its seed and nothing else: the same seed, the same faults."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

STORM_S = 5.0
_FEWEST_FAULTS, _MOST_FAULTS = 5, 14
_LONGEST_S = 4.0


class Database(StrEnum):
    """On what the farm keeps its books."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class Victim(StrEnum):
    """What is hurt. Of most there are several, told apart by their number."""

    SERVER = "server"
    AGENT = "agent"
    HEARTBEAT = "heartbeat"
    DEVICE = "device"
    AGENT_LINE = "agent's line"
    USER_LINE = "users' line"
    POSTGRES = "postgres"
    POSTGRES_LINE = "server's line to postgres"


class Harm(StrEnum):
    """What is done to it, for a while."""

    KILL = "kill -9"
    STOP = "SIGTERM"
    FREEZE = "SIGSTOP"
    CUT = "cut"
    HOLD_UP = "hold up"
    FILL = "full disk"
    LIMIT = "file-size limit"
    UNPLUG = "unplug"
    RESTART_FAST = "restart, fast"
    RESTART_IMMEDIATE = "restart, immediate"
    DROP_CONNECTIONS = "end all sessions"


_MENU: Sequence[tuple[Victim, Harm, int]] = (
    (Victim.SERVER, Harm.KILL, 6),
    (Victim.SERVER, Harm.STOP, 2),
    (Victim.SERVER, Harm.FREEZE, 4),
    (Victim.SERVER, Harm.FILL, 2),
    (Victim.SERVER, Harm.LIMIT, 1),
    (Victim.AGENT, Harm.KILL, 6),
    (Victim.AGENT, Harm.STOP, 2),
    (Victim.AGENT, Harm.FREEZE, 5),
    (Victim.AGENT, Harm.FILL, 2),
    (Victim.AGENT, Harm.LIMIT, 1),
    (Victim.HEARTBEAT, Harm.KILL, 3),
    (Victim.HEARTBEAT, Harm.FREEZE, 3),
    (Victim.DEVICE, Harm.UNPLUG, 3),
    (Victim.AGENT_LINE, Harm.CUT, 4),
    (Victim.AGENT_LINE, Harm.HOLD_UP, 3),
    (Victim.USER_LINE, Harm.CUT, 3),
    (Victim.USER_LINE, Harm.HOLD_UP, 2),
)
_MENU_OF_POSTGRES: Sequence[tuple[Victim, Harm, int]] = (
    (Victim.POSTGRES, Harm.RESTART_FAST, 3),
    (Victim.POSTGRES, Harm.RESTART_IMMEDIATE, 3),
    (Victim.POSTGRES, Harm.KILL, 2),
    (Victim.POSTGRES, Harm.FREEZE, 2),
    (Victim.POSTGRES, Harm.DROP_CONNECTIONS, 3),
    (Victim.POSTGRES_LINE, Harm.CUT, 4),
    (Victim.POSTGRES_LINE, Harm.HOLD_UP, 4),
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One harm. `at_s` counts from the beginning of the storm; after `lasts_s` it is made good again."""

    at_s: float
    victim: Victim
    number: int
    harm: Harm
    lasts_s: float

    def __str__(self) -> str:
        return f"{self.at_s:5.2f} s  {self.victim} {self.number + 1}: {self.harm} for {self.lasts_s:.2f} s"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run. `echoes`: the share of requests that are delivered twice."""

    seed: int
    database: Database
    servers: int
    agents: int
    devices_each: int
    users: int
    echoes: float
    faults: tuple[Fault, ...]

    @property
    def pace_seed(self) -> str:
        """What users and lines draw from; their chances do not move the faults."""
        return f"pace {self.seed}"


def draw(seed: int, database: Database) -> Plan:
    """Draw the run of this seed."""
    dice = random.Random(f"{database} {seed}")  # noqa: S311 - no secret
    servers = 1 if database is Database.SQLITE else dice.choice([2, 3])
    agents, devices_each = dice.choice([2, 3]), dice.choice([1, 2])
    counts = {Victim.SERVER: servers, Victim.POSTGRES_LINE: servers, Victim.DEVICE: agents * devices_each}
    counts |= dict.fromkeys([Victim.AGENT, Victim.HEARTBEAT, Victim.AGENT_LINE], agents)
    menu = _MENU if database is Database.SQLITE else (*_MENU, *_MENU_OF_POSTGRES)
    faults = [_fault(dice, menu, counts) for _ in range(dice.randint(_FEWEST_FAULTS, _MOST_FAULTS))]
    return Plan(
        seed=seed,
        database=database,
        servers=servers,
        agents=agents,
        devices_each=devices_each,
        users=3,
        echoes=dice.choice([0.0, 0.1, 0.3]),
        faults=tuple(sorted(faults, key=lambda fault: fault.at_s)),
    )


def _fault(dice: random.Random, menu: Sequence[tuple[Victim, Harm, int]], counts: dict[Victim, int]) -> Fault:
    victim, harm, _ = dice.choices(menu, weights=[weight for _, _, weight in menu])[0]
    return Fault(
        at_s=dice.uniform(0.0, STORM_S),
        victim=victim,
        number=dice.randrange(counts.get(victim, 1)),
        harm=harm,
        lasts_s=dice.choice([dice.uniform(0.0, 0.5), dice.uniform(0.2, 1.5), dice.uniform(1.0, _LONGEST_S)]),
    )
