"""A chart's values as a table, for outputs that draw no chart of their own and for the sheet that one is drawn from."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Amount, Cell, Chart, Column, Layer, Mark, Table


def as_table(chart: Chart) -> Table:
    """A row a place: the value of each layer, then both edges of each band, and the rules that have a name."""
    layers = sorted(chart.layers, key=lambda layer: layer.mark is Mark.BAND)
    parts = [part for layer in layers for part in _parts(layer)]
    parts += [(rule.label, (rule.at,) * len(chart.places)) for rule in chart.rules if rule.label]
    columns = tuple(
        Column(key=f"{number}", head=head, is_right=True, width=13.5) for number, (head, _) in enumerate(parts)
    )
    across = [Column(key="across", head=chart.across.name, is_right=True, width=13.5)] if chart.across else []
    rows: list[tuple[Cell, ...]] = [
        (
            place,
            *([chart.across.values[row]] if chart.across else []),
            *(Amount(values[row], chart.unit, is_change=chart.is_of_changes) for _, values in parts),
        )
        for row, place in enumerate(chart.places)
    ]
    return Table(
        key=chart.key, title=chart.title, columns=(Column(key="place", head=chart.axis, folds=True, width=18), *across, *columns),
        rows=tuple(rows), notes=chart.notes,
    )  # fmt: skip


def _parts(layer: Layer) -> Iterator[tuple[str, tuple[float | None, ...]]]:
    """A layer's columns: where a band or a bar has two ends, both of them."""
    if layer.mark is Mark.SPAN:
        yield layer.name, layer.values
        yield f"{layer.name} ≥", layer.low
        yield f"{layer.name} ≤", layer.high
    elif layer.low:
        yield f"{layer.name} ≥", layer.low
        yield f"{layer.name} ≤", layer.values
    else:
        yield layer.name, layer.values


def main_layer(chart: Chart) -> Layer:
    """The layer that the chart is about: the first that is no band."""
    return next((layer for layer in chart.layers if layer.mark is not Mark.BAND), chart.layers[0])
