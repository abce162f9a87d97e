"""Snakemake's runs in LaminDB: `snakemake --logger lamin`.

What Snakemake reports is written to a trace below `.snakemake/lamin`, a line when it happens, and imported by the command
`lamin import-run` when the workflow ends. The workflow's run exists from the start, and is named in the environment of all
jobs: what they track is part of it. A failure of LaminDB is a warning and never one of the workflow.

This package needs Snakemake and the program `lamin`, not the package lamindb: Snakemake may have an environment of its own.
"""

import sys
from dataclasses import dataclass, field

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

from .observed import Observed
from .program import import_trace, program

__all__ = ["LogHandler", "LogHandlerSettings"]


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """Options of the command line: `--logger-lamin-save-outputs`."""

    save_outputs: bool = field(default=False, metadata={"help": "Keep all outputs, not only the targets.", "env_var": False, "required": False})
    save_inputs: bool = field(default=False, metadata={"help": "Register input files that are no artifacts yet.", "env_var": False, "required": False})
    key: str = field(default="", metadata={"help": "Key of the workflow's transform.", "env_var": False, "required": False})


class LogHandler(LogHandlerBase):
    """Listens to one execution of Snakemake."""

    writes_to_stream = False
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self):
        self._options = []
        if self.settings is not None:
            self._options += ["--save-outputs"] if self.settings.save_outputs else []
            self._options += ["--save-inputs"] if self.settings.save_inputs else []
            self._options += ["--key", self.settings.key] if self.settings.key else []
        self._observed = None
        if getattr(self.common_settings, "dryrun", False):
            return
        if program() is None:
            _say("there is no program `lamin` on the PATH: this run is not recorded")
            return
        self._observed = Observed(self._options)

    def emit(self, record):
        if self._observed is None:
            return
        try:
            self._observed.see(record)
        except Exception as error:
            _say(f"an event was not recorded: {error!r}")

    def close(self):
        observed, self._observed = self._observed, None
        super().close()
        if observed is None:
            return
        try:
            trace = observed.finish()
            if trace is not None:
                import_trace(trace, self._options, _say, told=True)
        except Exception as error:
            _say(f"the run was not recorded: {error!r}")


def _say(text):
    print(f"lamin: {text}", file=sys.stderr)
