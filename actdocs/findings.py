"""What the heavy studies found: sentences computed from the store, each with its interval and a key to cite it by.

A study's section is one function, marked with ``study``, that takes the study's records and yields a
:class:`Finding` for each thing to be said. The overview of the evidence, the choosing guide, the pages of the atlas and
the study's own script in the gallery show these sentences; none of them is written down twice, or by hand.

Accuracies are those of the test images, in percent. What was chosen, such as a learning rate, was chosen by the mean
accuracy on the validation images.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actdocs.catalogue import get
from actdocs.data import ANIMALS
from actdocs.evidence import Store, chosen, scores, studies, title
from actdocs.statistics import Difference, interval, paired_differences, single_seeds

__all__ = ["Finding", "findings"]

Record = dict[str, Any]
Results = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Finding:
    """One thing that a study found.

    Attributes
    ----------
    key : str
        The study's name, a dot, and a word; what pages cite it by.
    text : str
        The sentence, with its interval.
    activations : tuple of str
        Names of the entries of the catalogue that it is about, on whose pages it stands.
    overview : bool
        Whether it stands on the overview; one that says of each activation the same does not.
    """

    key: str
    text: str
    activations: tuple[str, ...] = field(repr=False)
    overview: bool = field(default=True, repr=False)

    def __str__(self) -> str:
        """Give the sentence as an item of a list, in lines that fit a page."""
        return textwrap.fill(f"- {self.text}", 66, subsequent_indent="  ")

    @property
    def study(self) -> str:
        """The name of its study."""
        return self.key.partition(".")[0]


Section = Callable[[list[Record]], Iterator[Finding]]
_SECTIONS: dict[str, Section] = {}


def study(section: Section) -> Section:
    """Take a function for the section of the study that has its name."""
    _SECTIONS[section.__name__] = section
    return section


def findings(name: str | None = None, *, store: Store | None = None) -> tuple[Finding, ...]:
    """Give what a study found, or all of them; a study that is not finished has found nothing yet.

    Parameters
    ----------
    name : str, optional
        Of a study; by default all, in the order of this module.
    store : Store, optional
        Where the records are; by default the project's own.

    Returns
    -------
    tuple of Finding

    Raises
    ------
    ValueError
        If there is no such study, or the store is damaged.

    Examples
    --------
    >>> found = findings("rate")
    >>> print(found[0].key)
    rate.order
    """
    if name is not None and name not in _SECTIONS:
        raise ValueError(f"name must be {' or '.join(map(repr, _SECTIONS))}, got {name!r}")
    store, grids = store or Store(), studies()
    found: list[Finding] = []
    for each in _SECTIONS if name is None else [name]:
        finished = store.load(each)
        if all(cell.key in finished for cell in grids[each].cells):  # half a grid would say half the truth
            found += _SECTIONS[each]([finished[cell.key] for cell in grids[each].cells])
    # A minus before a number is written as one.
    return tuple(replace(each, text=re.sub(r"(?<![\w.])-(?=\d)", "−", each.text)) for each in found)


# What several sections say


def _by_title(results: Results) -> dict[str, NDArray[np.float64]]:
    return {title(name): values for name, values in results.items()}


def _entries(names: Iterable[str]) -> tuple[str, ...]:
    """Give the entries behind names such as ``leaky_relu(alpha=0.1)``."""
    return tuple(get(name.partition("(")[0]).name for name in names)


def _best(results: Mapping[Any, NDArray[np.float64]]) -> Any:
    return max(results, key=lambda name: float(results[name].mean()))


def _mean(values: NDArray[np.float64], unit: str = " %", digits: int = 1) -> str:
    """Write a mean with its 95 % interval."""
    mean, low, high = interval(values)
    return f"{mean:.{digits}f}{unit} (95 % interval {low:.{digits}f} to {high:.{digits}f})"


def _one(results: Results, first: str, second: str) -> Difference:
    """Compare two of several, with an interval that holds together with those of all other pairs."""
    wanted = {title(first), title(second)}
    return next(found for found in paired_differences(_by_title(results)) if {found.first, found.second} == wanted)


def _listed(words: Sequence[str], nothing: str = "none") -> str:
    """Write a list: a, b and c; or what stands for an empty one."""
    if not words:
        return nothing
    *some, last = words
    return f"{', '.join(some)} and {last}" if some else last


def _apart(results: Results) -> str:
    """Say how many pairs can be told apart, and whether one is ahead of all others."""
    differences = paired_differences(_by_title(results))
    apart = [difference for difference in differences if difference.ahead]
    best = title(_best(results))
    behind = {d.second if d.ahead == d.first else d.first for d in apart if d.ahead == best}
    lead = "all others" if len(behind) == len(results) - 1 else _listed(sorted(behind), "no other")
    return (
        f"{len(apart)} of {len(differences)} pairs can be told apart, with intervals that hold together at 95 %; "
        f"{best} has the best mean, {_mean(results[_best(results)])}, and is shown to be ahead of {lead}"
    )


def _alone(results: Results) -> str:
    """Say in how many seeds, each taken alone, ranking and winner are those of the means."""
    alone = single_seeds(results)
    ranking, winner = (round(alone.seeds * (1 - share)) for share in (alone.other_ranking, alone.other_winner))
    return (
        f"of {alone.seeds} seeds, each taken alone, the ranking of the means comes out in {ranking}, and its winner in "
        f"{winner}"
    )


# The studies


@study
def rate(records: list[Record]) -> Iterator[Finding]:
    """Say what the learning rate does to rankings."""
    validated = scores(records, "activation", "learning_rate", result="val_accuracy", percent=True)
    names = list(dict.fromkeys(name for name, _ in validated))
    rates = sorted({rate for _, rate in validated})
    winners = {rate: _best({name: validated[name, rate] for name in names}) for rate in rates}
    said = _listed([f"{title(winner)} at {rate:g}" for rate, winner in winners.items()])
    yield Finding(
        "rate.order",
        f"With one learning rate for all, four hidden layers, the best mean is {said}.",
        _entries(dict.fromkeys(winners.values())),
    )
    tested = scores(chosen(records), "activation", percent=True)
    yield Finding("rate.own", f"With its own learning rate each, {_apart(tested)}.", _entries(names))
    for word, pair in (("sigmoid", ("relu", "sigmoid")), ("gelu", ("relu", "gelu"))):
        said = _one(tested, *pair).sentence(" points")
        yield Finding(f"rate.{word}", f"Four hidden layers, each at its own rate: {said}", pair)


_TRAINS, _STUCK = 80.0, 20.0  # percent: a network that gets as many right has learned, one that gets fewer has not
# How a start is named in a sentence.
_START = {"own": "its own", "he": "He's", "glorot": "Glorot's", "lecun": "LeCun's"}


@study
def depth(records: list[Record]) -> Iterator[Finding]:
    """Say how deep networks may be, from which start, and whether the gradient before the first step tells."""
    best = chosen(records)
    where = ("activation", "initialization", "depth")
    tested = scores(best, *where, percent=True)
    validated = scores(best, *where, result="val_accuracy", percent=True)
    names, starts = (list(dict.fromkeys(key[place] for key in tested)) for place in (0, 1))
    depths = sorted({layers for _, _, layers in tested})
    deepest, seeds = depths[-1], records[0]["settings"]["seeds"]

    said = []
    for name in names:
        reached: dict[int, list[str]] = {}
        for start in starts:
            fails = [layers for layers in depths if tested[name, start, layers].min() < _TRAINS]
            able = [layers for layers in depths if layers < min(fails, default=deepest + 1)]
            reached.setdefault(max(able, default=0), []).append(_START[start])
        parts = [
            f"{layers or 'none'} from {'each start' if len(some) == len(starts) else _listed(some)}"
            for layers, some in sorted(reached.items(), reverse=True)
        ]
        said.append(f"{title(name)} {_listed(parts)}")
    yield Finding(
        "depth.reach",
        f"At one learning rate for all, the most of {_listed(list(map(str, depths)))} hidden layers with which all "
        f"{seeds} seeds still get {_TRAINS:g} % of the test images right: {'; '.join(said)}.",
        _entries(names),
    )

    sigmoid = {layers: np.concatenate([tested["sigmoid", start, layers] for start in starts]) for layers in depths}
    learned = [layers for layers in depths if sigmoid[layers].min() >= _TRAINS]
    stuck = [layers for layers in depths if sigmoid[layers].max() < _STUCK]
    between = [layers for layers in depths if layers not in learned and layers not in stuck]
    said = []
    for some, words in (
        (learned, f"all {{}} networks get {_TRAINS:g} % or more right"),
        (stuck, f"none of {{}} gets {_STUCK:g} %"),
    ):
        if some:
            count = sum(len(sigmoid[layers]) for layers in some)
            said.append(f"with {_listed(list(map(str, some)))} hidden layers {words.format(count)}, whatever the start")
    for layers in between:
        results = {_START[start]: tested["sigmoid", start, layers] for start in starts}
        pairs = paired_differences(results, 1 - 0.05 / len(between), against=_START["he"])
        behind = [d.first for d in pairs if d.ahead == d.second]
        values = [f"{_mean(result)} from {start}" for start, result in results.items()]
        said.append(
            f"with {layers} it gets {_listed(values)} start, and He's is shown to be better than "
            f"{_listed(behind, 'neither')}"
        )
    yield Finding(
        "depth.sigmoid", f"Sigmoid at one learning rate: {'; '.join(said)} ({seeds} seeds a start).", ("sigmoid",)
    )

    suits = {name: max(starts, key=lambda start: float(validated[name, start, deepest].mean())) for name in names}
    suits["selu"] = "lecun"
    final = {name: tested[name, start, deepest] for name, start in suits.items()}
    differences = paired_differences(final, against="selu")
    verdicts: dict[str, list[str]] = {"better": [], "worse": [], "neither": []}
    for d in differences:
        verdict = "neither" if d.ahead is None else "better" if d.ahead == "selu" else "worse"
        size = "" if d.ahead is None else f" {_size(d)}"
        verdicts[verdict].append(f"{title(d.first)} ({_START[suits[d.first]]}){size}")
    better, worse, neither = map(_listed, verdicts.values())
    yield Finding(
        "depth.deepest",
        f"With {deepest} hidden layers, all at one learning rate, SELU from LeCun's start, the one that it was made "
        f"for, gets {_mean(final['selu'])}; of the others, each from the start in brackets, chosen on the validation "
        f"images, it is shown to be ahead of {better}, behind {worse}, and not distinguishable "
        f"from {neither} ({seeds} seeds, intervals that hold together at 95 %).",
        _entries(final),
    )

    norms = [np.array(record["results"]["gradient_norm"][0], float) for record in best]
    ratios = np.array([layers[0] / layers[-1] for layers in norms])
    means = np.array([tested[tuple(record["settings"][key] for key in where)].mean() for record in best])
    small, trains = ratios < 0.01, means >= _TRAINS
    deep = np.array([record["settings"]["depth"] == deepest for record in best])
    rho, low, high = _rank_correlation(ratios[deep], means[deep])
    yield Finding(
        "depth.gradient",
        f"Before training the first layer's gradient is less than a hundredth of the last one's in {small.sum()} of "
        f"{len(best)} settings: {(small & trains).sum()} of these reach {_TRAINS:g} % in the mean of {seeds} seeds, "
        f"and {(~small & trains).sum()} of the other {(~small).sum()}; among the {deep.sum()} with {deepest} layers "
        f"the rank correlation of this ratio with the accuracy is {rho:.2f} (95 % interval {low:.2f} to {high:.2f} by "
        "resampling the settings).",
        _entries(names),
    )


def _size(difference: Difference) -> str:
    """Write by how much one is ahead."""
    low, high = sorted(map(abs, (difference.low, difference.high)))
    return f"by {abs(difference.mean):.1f} points ({low:.1f} to {high:.1f})"


def _rank_correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Give Spearman's rank correlation with a 95 % interval by a bootstrap that draws the same at each call."""
    from scipy import stats

    def correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
        return float(stats.spearmanr(x, y).statistic)

    options: dict[str, Any] = {"paired": True, "vectorized": False, "n_resamples": 999, "method": "percentile"}
    drawn = stats.bootstrap((x, y), correlation, rng=np.random.default_rng(0), **options).confidence_interval
    return correlation(x, y), float(drawn.low), float(drawn.high)


_MANY = 25.0  # percent of a network's units


@study
def dying(records: list[Record]) -> Iterator[Finding]:
    """Say when units of rectifiers die, and what it costs."""
    where = ("activation", "depth", "bias", "learning_rate")
    dead = {
        tuple(record["settings"][key] for key in where): 100 * np.array(record["results"]["dead"], float)
        for record in records
    }
    names = list(dict.fromkeys(name for name, *_ in dead))
    depths, biases, rates = (sorted({key[place] for key in dead}) for place in (1, 2, 3))
    seeds, epochs = (records[0]["settings"][key] for key in ("seeds", "epochs"))

    said = []
    for layers in depths:
        born = dead["relu", layers, 0.0, rates[0]][0].mean()
        shares = [f"{dead['relu', layers, 0.0, rate][-1].mean():.0f} % at {rate:g}" for rate in rates]
        said.append(f"with {layers} layers {born:.0f} % before the first step, then {_listed(shares)}")
    yield Finding(
        "dying.rate",
        f"Dead ReLU units after {epochs} epochs by the learning rate, biases from 0: {'; '.join(said)} (medians of "
        f"{seeds} seeds, averaged over the layers).",
        ("relu",),
    )

    tested = scores(chosen(records), "activation", "depth", "bias", percent=True)
    below = biases[0]
    counts = {name: [str((tested[name, layers, below] >= _TRAINS).sum()) for layers in depths] for name in names}
    born = min(dead["relu", layers, below, rates[0]][0][-1] for layers in depths)
    yield Finding(
        "dying.bias",
        f"With biases from −{abs(below):g}, {born:.0f} % of the units in ReLU's last hidden layer are dead before the "
        f"first step (median of {seeds} seeds); with {_listed(list(map(str, depths)))} layers, each at its own rate, "
        f"this many of {seeds} seeds reach {_TRAINS:g} %: "
        f"{'; '.join([f'{title(name)} {_listed(reach)}' for name, reach in counts.items()])}.",
        _entries(names),
    )

    leaky, elu = ([key for key in dead if key[0] == name] for name in ("leaky_relu", "elu"))
    alive = sum(not dead[key].any() for key in leaky)
    flat = [key for key in elu if dead[key][-1].max() > 50]
    places = [f"{layers} layers at {rate:g}" for layers, rate in sorted({(key[1], key[3]) for key in flat})]
    yield Finding(
        "dying.leaky",
        f"Leaky ReLU has no dead unit in {alive} of {len(leaky)} settings, before the first epoch or after any; ELU, "
        f"whose slope only rounds to 0, ends with more than half of a layer dead in {len(flat)} of {len(elu)}"
        f"{f', with {_listed(places)}' if places else ''} (medians of {seeds} seeds).",
        ("leaky_relu", "elu"),
    )

    validated = scores(records, *where, result="val_accuracy", percent=True)
    level = 1 - 0.05 / (len(depths) * len(rates))
    train: list[str] = []
    fail: list[Difference] = []
    for layers, rate in itertools.product(depths, rates):
        share = dead["relu", layers, 0.0, rate][-1].mean()
        if share > _MANY:
            pair = {name: validated[name, layers, 0.0, rate] for name in ("relu", "leaky_relu")}
            (d,) = paired_differences(pair, level)
            if min(values.mean() for values in pair.values()) >= _TRAINS:
                train.append(
                    f"{d.mean:+.1f} points ({d.low:+.1f} to {d.high:+.1f}) with {layers} layers at {rate:g}, where "
                    f"{share:.0f} % are dead"
                )
            else:
                fail.append(d)
    ahead = [sum(d.ahead == name for d in fail) for name in ("leaky_relu", "relu")]
    yield Finding(
        "dying.cost",
        f"More than {_MANY:g} % of ReLU's units are dead in the end in {len(train) + len(fail)} of "
        f"{len(depths) * len(rates)} settings with biases from 0: where it and Leaky ReLU, which has none, both reach "
        f"{_TRAINS:g} %, ReLU − Leaky ReLU is {_listed(train, 'never measured')}; in the other "
        f"{len(fail)} Leaky ReLU is shown to be ahead in {ahead[0]} and ReLU in {ahead[1]} (validation images, "
        f"{seeds} seeds, intervals that hold together at 95 %).",
        ("relu", "leaky_relu"),
    )


@study
def normalization(records: list[Record]) -> Iterator[Finding]:
    """Say what batch normalisation changes."""
    tested = scores(chosen(records), "activation", "normalize", percent=True)
    validated = scores(records, "activation", "normalize", "learning_rate", result="val_accuracy", percent=True)
    names = list(dict.fromkeys(name for name, _ in tested))
    rates = sorted({rate for _, _, rate in validated})
    layers, seeds = records[0]["settings"]["depth"], records[0]["settings"]["seeds"]

    def changes(results: Mapping[tuple[str, bool], NDArray[np.float64]]) -> dict[str, Difference]:
        """Compare with it and without it for each activation, with intervals that hold together."""
        pairs = {name: {"with": results[name, True], "without": results[name, False]} for name in names}
        return {title(name): paired_differences(pair, 1 - 0.05 / len(names))[0] for name, pair in pairs.items()}

    gains = changes(tested)
    gained, lost = (
        [f"{name} {_size(d)}" for name, d in gains.items() if d.ahead == word] for word in ("with", "without")
    )
    rest = [d for d in gains.values() if d.ahead is None]
    others = (
        f"; the intervals of the other {len(rest)} lie between {min(d.low for d in rest):+.1f} and "
        f"{max(d.high for d in rest):+.1f}"
    )
    yield Finding(
        "normalization.gain",
        f"{layers} layers, each at its own rate: shown to gain from batch normalisation are "
        f"{_listed(gained)}, to lose by it {_listed(lost)}"
        f"{others if rest else ''} ({seeds} seeds, intervals that hold together at 95 %).",
        _entries(names),
    )

    best = {name: max(validated[name, on, r].mean() for on in (False, True) for r in rates) for name in names}
    good = {
        on: sum(validated[name, on, r].mean() > best[name] - 2 for name in names for r in rates) for on in (False, True)
    }
    costs = changes({(name, on): validated[name, on, rates[0]] - validated[name, on, rates[-1]] for name, on in tested})
    less = [f"{name} {_size(d)}" for name, d in costs.items() if d.ahead == "without"]
    yield Finding(
        "normalization.rates",
        f"{len(names)} activations at {len(rates)} rates: {good[False]} of {len(names) * len(rates)} settings without "
        f"batch normalisation come within two points of their activation's best mean, and {good[True]} with it; a rate "
        f"of {rates[-1]:g} instead of {rates[0]:g} is shown to cost less with it for "
        f"{_listed(less)} (validation images, {seeds} seeds, intervals that hold together at "
        "95 %).",
        _entries(names),
    )

    said = []
    for some, words in (
        (names, f"of {len(names)} lie"),
        ([name for name in names if name != "sigmoid"], "of those without Sigmoid"),
    ):
        ranges = {
            word: np.ptp([tested[name, on] for name in some], axis=0)
            for word, on in (("with", True), ("without", False))
        }
        (d,) = paired_differences(ranges, 0.975)
        said.append(
            f"{words} {_mean(ranges['without'], ' points')} apart without batch normalisation and "
            f"{_mean(ranges['with'], ' points')} with it, "
            f"{'not distinguishable' if d.ahead is None else 'more' if d.ahead == 'with' else 'less'}"
        )
    yield Finding(
        "normalization.spread",
        f"{layers} layers, each at its own rate: in a seed the best and the worst {'; '.join(said)} ({seeds} seeds).",
        _entries(names),
    )


@study
def animals(records: list[Record]) -> Iterator[Finding]:
    """Say what an activation does to the deck's network for photographs."""
    tested = scores(chosen(records), "activation", percent=True)
    guessing = 100 / len(ANIMALS)
    sigmoid, others = tested["sigmoid"], {name: values for name, values in tested.items() if name != "sigmoid"}
    stuck = int((abs(sigmoid - guessing) < 1).sum())
    yield Finding(
        "animals.sigmoid",
        f"With Sigmoid in all of its layers the network gets {_mean(sigmoid)} of the test photographs right, where "
        f"guessing gets {guessing:.1f} %: it is within a point of guessing in {stuck} of {len(sigmoid)} seeds.",
        ("sigmoid",),
    )
    leads = paired_differences(_by_title(tested), against=title("sigmoid"))
    least = min(leads, key=lambda lead: abs(lead.mean))
    yield Finding(
        "animals.lead", f"Photographs, the smallest of the gaps to Sigmoid: {least.sentence(' points')}", tuple(tested)
    )
    yield Finding("animals.others", f"Photographs, Sigmoid aside: {_apart(others)}.", _entries(others))
    yield Finding("animals.alone", f"Photographs: {_alone(tested)}.", _entries(tested))


@study
def reviews(records: list[Record]) -> Iterator[Finding]:
    """Say what the activation of the layer behind an LSTM does."""
    tested = scores(chosen(records), "activation", percent=True)
    yield Finding("reviews.pairs", f"In the layer behind an LSTM, {_apart(tested)}.", _entries(tested))
    differences = paired_differences(tested)
    most = max(max(abs(difference.low), abs(difference.high)) for difference in differences)
    yield Finding(
        "reviews.bound",
        f"Behind an LSTM no two of {len(tested)} activations differ in mean by more than {most:.1f} points of test "
        f"accuracy, says the widest of {len(differences)} intervals that hold together at 95 % "
        f"({differences[0].seeds} seeds).",
        _entries(tested),
    )
    yield Finding(
        "reviews.sigmoid",
        "In the layer behind an LSTM: " + _one(tested, "relu", "sigmoid").sentence(" points"),
        ("relu", "sigmoid"),
    )
    yield Finding("reviews.alone", f"Behind an LSTM: {_alone(tested)}.", _entries(tested))


@study
def gelu_paper(records: list[Record]) -> Iterator[Finding]:
    """Say whether GELU has the lowest training loss, as its paper found."""
    curves = {
        (record["settings"]["learning_rate"], record["settings"]["activation"]): np.array(
            record["results"]["loss"], float
        )
        for record in records
    }
    names = list(dict.fromkeys(name for _, name in curves))
    rates = sorted({rate for rate, _ in curves})
    seeds, epochs = next(iter(curves.values())).shape
    said = []
    for rate in rates:
        medians = np.array([np.nanmedian(curves[rate, name], axis=0) for name in names])
        wins = np.bincount(medians.argmin(axis=0), minlength=len(names))
        said.append(f"{title(names[int(wins.argmax())])}'s in {wins.max()} of {epochs} epochs at a rate of {rate:g}")
    yield Finding(
        "gelu_paper.curve",
        f"Eight layers, the GELU paper's figure again: the lowest median training loss of {seeds} seeds is "
        f"{_listed(said)}.",
        _entries(names),
    )
    for word, rate in (("slow", rates[0]), ("fast", rates[-1])):
        last = {title(name): curves[rate, name][:, -1] for name in ("gelu", "relu", "elu")}
        differences = paired_differences(last, better="smaller", against=title("gelu"))
        pairs = [difference.sentence(digits=4)[:-1] for difference in differences]
        yield Finding(
            f"gelu_paper.{word}",
            f"Eight layers, training loss of epoch {epochs} at a rate of {rate:g}, less is better: {'; '.join(pairs)}.",
            ("gelu", "relu", "elu"),
        )
    tested = scores(chosen(records), "activation", percent=True)
    yield Finding(
        "gelu_paper.test", f"Eight layers, test images, each at its own rate: {_apart(tested)}.", _entries(names)
    )


@study
def uva(records: list[Record]) -> Iterator[Finding]:
    """Say what the start of the weights does to a tutorial's table."""
    tested = scores(records, "activation", "initialization", percent=True)
    validated = {
        (r["settings"]["activation"], r["settings"]["initialization"]): r["results"]["val_accuracy"] for r in records
    }
    others = [name for name in dict.fromkeys(name for name, _ in tested) if name != "sigmoid"]
    narrow, glorot = "one within 1/√inputs", "Glorot's start"

    def gain(name: str, confidence: float = 0.95) -> Difference:
        starts = {glorot: tested[name, "glorot"], narrow: tested[name, "fan_in"]}
        return paired_differences(starts, confidence)[0]

    yield Finding("uva.start", f"Sigmoid in four layers: {gain('sigmoid').sentence(' points', digits=1)}", ("sigmoid",))
    curves = 100 * np.array(validated["sigmoid", "fan_in"], float)
    away = abs(curves - 10) > 1
    waits = np.where(away.any(axis=1), away.argmax(axis=1), curves.shape[1])
    yield Finding(
        "uva.wait",
        f"Sigmoid in four layers that start within 1/√inputs stays within a point of guessing for at least "
        f"{waits.min()} epochs in all {len(waits)} seeds, and after {curves.shape[1]} has "
        f"{_mean(tested['sigmoid', 'fan_in'])} of the test images right.",
        ("sigmoid",),
    )
    gains = [gain(name, 1 - 0.05 / len(others)) for name in others]
    ahead, most = sum(each.ahead == glorot for each in gains), max(gains, key=lambda each: each.mean)
    yield Finding(
        "uva.others",
        f"For {ahead} of {len(others)} other activations too {glorot} is shown to be ahead of {narrow}, by up "
        f"to {most.mean:.1f} points ({most.low:.1f} to {most.high:.1f}, {most.seeds} seeds, with intervals that hold "
        "together at 95 %).",
        _entries(others),
    )
    said = []
    for start, words in (("fan_in", "within 1/√inputs"), ("glorot", "by Glorot's rule")):
        results = {name: tested[name, start] for name in others}
        differences = paired_differences(results)
        apart = sum(each.ahead is not None for each in differences)
        said.append(
            f"{apart} of {len(differences)} pairs where weights start {words} "
            f"(best mean: {title(_best(results))}, {_mean(results[_best(results)])})"
        )
    yield Finding(
        "uva.pairs",
        f"Sigmoid aside, {most.seeds} seeds tell apart {_listed(said)}.",
        _entries(others),
    )


@study
def noise(records: list[Record]) -> Iterator[Finding]:
    """Say what labels that are drawn anew do to accuracies, and what it has to do with when training stops."""
    tested = scores(chosen(records), "activation", "label_noise", percent=True)
    names = list(dict.fromkeys(name for name, _ in tested))
    shares = [min(share for _, share in tested), max(share for _, share in tested)]
    epochs = max(record["settings"]["epochs"] for record in records)
    noisy = f"{100 * shares[1]:g} % of the training labels drawn anew"
    right, wrong = ({name: tested[name, share] for name in names} for share in shares)
    lost = {name: right[name] - wrong[name] for name in names}
    least, most = (pick(names, key=lambda name: float(lost[name].mean())) for pick in (min, max))
    losses = paired_differences(_by_title(lost), better="smaller")
    more = [d.second if d.ahead == d.first else d.first for d in losses if d.ahead == title(least)]
    yield Finding(
        "noise.lost",
        f"With {noisy}, {epochs} epochs cost least accuracy in the mean with {title(least)}, "
        f"{_mean(lost[least], ' points')}, and most with {title(most)}, {_mean(lost[most], ' points')}; "
        f"{title(least)} is shown to lose less than {_listed(more, 'no other')}.",
        _entries(names),
    )
    orders, apart, ahead = [], [], []
    for results in (right, wrong):
        differences = paired_differences(_by_title(results))
        orders.append(_listed([title(name) for name in sorted(names, key=lambda name: -float(results[name].mean()))]))
        apart.append(f"{sum(d.ahead is not None for d in differences)} of {len(differences)}")
        ahead.append([d.ahead for d in differences])
    turned = sum(None not in pair and pair[0] != pair[1] for pair in zip(*ahead, strict=True))
    yield Finding(
        "noise.order",
        f"After {epochs} epochs the means rank {orders[0]} with the given labels, where {apart[0]} pairs can be told "
        f"apart, and {orders[1]} with {noisy}, where {apart[1]} can; {turned} of these pairs are shown to have turned "
        "round.",
        _entries(names),
    )
    best = _best_epochs([record for record in records if record["settings"]["label_noise"] == shares[1]])
    stopped = _listed([f"{title(name)} {best[name].mean():.1f} %" for name in names])
    pairs = paired_differences(_by_title(best))
    (ends,) = (d for d in pairs if {d.first, d.second} == {title(least), title(most)})
    yield Finding(
        "noise.stop",
        f"With {noisy}, and the epoch to stop after chosen on the validation images as the learning rate is, the "
        f"accuracies there are {stopped}; {sum(d.ahead is not None for d in pairs)} of {len(pairs)} pairs can be told "
        f"apart, and {ends.sentence(' points')}",
        _entries(names),
    )


def _best_epochs(records: list[Record]) -> dict[str, NDArray[np.float64]]:
    """Give each activation's validation accuracy, in percent, at the rate and the epoch where their mean is best."""
    found: dict[str, NDArray[np.float64]] = {}
    for record in records:
        name = record["settings"]["activation"]
        for values in 100 * np.nan_to_num(np.array(record["results"]["val_accuracy"], float)).T:
            if name not in found or values.mean() > found[name].mean():
                found[name] = values
    return found


_CLOSE = 0.5  # points of accuracy
_FIRST = 10  # as many as a table of the best would have


@study
def every(records: list[Record]) -> Iterator[Finding]:
    """Say how few of all activations can be told apart."""
    tested = {name: 100 * values for name, values in scores(chosen(records), "activation").items()}
    broken = {name: int(np.isnan(values).sum()) for name, values in tested.items() if np.isnan(values).any()}
    sound: dict[str, NDArray[np.float64]] = {}
    for name, values in tested.items():
        # Two names of one function have the same results, and count once.
        if name not in broken and not any(np.array_equal(values, others) for others in sound.values()):
            sound[name] = values
    differences = paired_differences(sound, against="relu")
    seeds = differences[0].seeds
    better = [d.first for d in differences if d.ahead == d.first]
    worse = [d.first for d in differences if d.ahead == d.second]
    yield Finding(
        "every.all",
        f"On digits, with two hidden layers: of {len(differences)} other activations, each at its own learning rate, "
        f"{len(better)} are shown to be better "
        f"than ReLU, {len(worse)} to be worse, and "
        f"{len(differences) - len(better) - len(worse)} are not distinguishable from it, with {seeds} seeds and "
        "intervals that hold together at 95 %.",
        ("relu",),
    )
    close = [d.first for d in differences if d.low > -_CLOSE]
    yield Finding(
        "every.close",
        f"On digits, with two hidden layers: of {len(differences)} other activations, each at its own learning rate, "
        f"{len(close)} are shown not to lose more than {_CLOSE:g} points to ReLU: "
        f"{_listed(list(map(title, close)))} ({seeds} seeds, intervals that hold together at "
        "95 %).",
        ("relu",),
    )
    helped = {d.first for d in paired_differences(sound, against="identity") if d.ahead == d.first}
    useless = [name for name in sound if name not in helped and name != "identity"]
    failed = [f"{title(name)} ({sound[name].mean():.1f} %)" for name in useless]
    failed += [f"{title(name)} (broke down in {count} of {seeds} seeds)" for name, count in broken.items()]
    yield Finding(
        "every.fail",
        f"With the identity the network is one linear map, and gets {_mean(sound['identity'])} of the test images "
        f"right; not shown to do better: {_listed(failed)}.",
        ("identity", *_entries([*useless, *broken])),
    )
    first = sorted(sound, key=lambda name: -float(sound[name].mean()))[:_FIRST]
    pairs = paired_differences({name: sound[name] for name in first})
    yield Finding(
        "every.first",
        f"Of {len(pairs)} pairs among the {len(first)} activations with the best means, "
        f"{_listed(list(map(title, first)))}, {sum(d.ahead is not None for d in pairs)} can be told apart; "
        f"{_alone({name: sound[name] for name in first})}.",
        _entries(first),
    )
    compared = {difference.first: difference for difference in differences}
    where = f"Among {len(tested)} activations in two hidden layers, each at its own learning rate,"
    for name, values in tested.items():
        if name in broken:
            text = f"breaks down in {broken[name]} of {seeds} seeds."
        else:
            text = f"gets {_mean(values)} of MNIST's test images right"
            twin = next(other for other, known in sound.items() if np.array_equal(known, values))
            if twin in compared:
                d = compared[twin]
                said = {None: "not distinguishable from", "relu": "worse than"}.get(d.ahead, "better than")
                text += (
                    f", {said} ReLU: {d.mean:+.2f} points ({d.low:+.2f} to {d.high:+.2f}, {seeds} seeds, intervals for "
                    f"{len(differences)} comparisons together)"
                )
            text += "."
        yield Finding(f"every.{name}", f"{where} {title(name)} {text}", (name,), overview=False)


@study
def mnist(records: list[Record]) -> Iterator[Finding]:
    """Say by what three activations differ."""
    tested = scores(records, "activation", percent=True)
    examples, epochs, rate = (records[0]["settings"][name] for name in ("examples", "epochs", "learning_rate"))
    pairs = itertools.combinations(tested, 2)
    for pair, difference in zip(pairs, paired_differences(_by_title(tested)), strict=True):
        yield Finding(
            f"mnist.{'_'.join(pair)}",
            f"After {epochs} epochs on {examples:,} digits, with one learning rate for all, {rate:g}, "
            + difference.sentence(" points"),
            _entries(pair),
        )
    yield Finding("mnist.alone", f"MNIST, {epochs} epochs: {_alone(tested)}.", _entries(tested))


_FIVE = "With five small networks at once, each with two hidden layers of 64 units, an epoch takes"


@study
def paces(records: list[Record]) -> Iterator[Finding]:
    """Say what an activation costs in time."""
    times = {record["settings"]["activation"]: float(record["results"]["pace"]) for record in records}
    order = sorted(times, key=lambda name: times[name])
    order.remove("relu")
    near = [name for name in order if round(abs(times[name] - 1), 2) <= 0.1]
    slow = [name for name in order if times[name] >= 2]
    yield Finding(
        "paces.range",
        f"{_FIVE} {times[order[0]]:.1f} to {times[order[-1]]:.1f} "
        f"times as long as with ReLU, and {np.median(list(times.values())):.1f} in the median of {len(order)} others; "
        f"{len(near)} lie within 10 % of ReLU, and {len(slow)} take twice as long or longer. ReLU beside "
        f"itself: {times['relu']:.2f}.",
        tuple(order),
    )
    last = order[:-6:-1]
    yield Finding(
        "paces.slowest",
        f"The slowest are {_listed([f'{title(name)} ({times[name]:.1f} times ReLU)' for name in last])}.",
        tuple(last),
    )
    for name in order:
        yield Finding(
            f"paces.{name}",
            f"{_FIVE} {times[name]:.1f} times as long as with ReLU.",
            (name,),
            overview=False,
        )
