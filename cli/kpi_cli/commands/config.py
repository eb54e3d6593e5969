"""`kundpuls config`: the project file, written for the exports there are, checked, or shown as it takes effect."""

from kpi_cli.jobs import configuring
from kpi_cli.options.configuring import Configuring
from kpi_cli.options.positionals import ConfigAction, ExportsOrNone


def command(action: ConfigAction, config: Configuring, files: ExportsOrNone = None) -> None:
    """The project file kundpuls.yaml: one for your exports, what is wrong with it, how it takes effect.

    kundpuls config init exports/ --lang sv

    kundpuls config check

    kundpuls config schema -o kundpuls.schema.json
    """
    config.check(action, files or ())
    match action:
        case "init":
            configuring.write(files or [], config)
        case "check":
            configuring.check(config)
        case "show":
            configuring.show(config)
        case "schema":
            configuring.schema(config)
