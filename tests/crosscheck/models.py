"""What models use: the activations that the configuration classes of transformers name by default."""

from __future__ import annotations

import logging
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np

import actdocs
from actdocs.parameters import Choice


def models() -> dict[str, Any]:
    """Read every model type's default configuration."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES
    from transformers.utils import logging as talk

    talk.set_verbosity_error()
    logging.disable(logging.WARNING)
    functions = words()
    uses: dict[str, set[str]] = {}
    read, unread = 0, []
    for model_type in CONFIG_MAPPING_NAMES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                settings = CONFIG_MAPPING[model_type]().to_dict()
        except Exception:  # no default, such as a model made of two others
            unread.append(model_type)
            continue
        read += 1
        for key, value in settings.items():
            asks = "act" in key or key == "feed_forward_proj"
            if asks and isinstance(value, str) and (value in functions or value.startswith("gated-")):
                uses.setdefault(value, set()).add(model_type)
    table, counts = {}, {}
    for word, users in uses.items():
        entry, parameters = functions.get(word) or (None, {})
        table[word] = {"entry": entry, "parameters": parameters, "models": sorted(users)}
        counts.setdefault(entry or word, set()).update(users)
    found = {"version": version("transformers"), "configurations": read, "unread": unread, "words": table}
    ordered = sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "versions": {"transformers": version("transformers")},
        "models": found | {"counts": {name: sorted(users) for name, users in ordered}},
    }


def words() -> dict[str, tuple[str, dict[str, Any]] | None]:
    """Give for each word of transformers the entry that computes the same, found by computing."""
    import torch
    from transformers.activations import ACT2FN

    x = np.linspace(-8, 8, 1601)
    own = {entry.name: entry for entry in actdocs.catalogue() if entry.elementwise}
    found: dict[str, tuple[str, dict[str, Any]] | None] = {}
    for word in ACT2FN:
        found[word] = None
        with torch.no_grad():
            try:
                # In single precision, since some keep parameters in it.
                gave = ACT2FN[word](torch.tensor(x, dtype=torch.float32)).double().numpy()
            except (RuntimeError, NotImplementedError):
                continue
        # Single precision, and one of these functions writes pi and its roots with a few digits.
        near = [
            (float(np.abs(entry(x, **setting) - gave).max()), entry.name, setting)
            for entry in actdocs.catalogue()
            if entry.elementwise
            for setting in settings(entry)
        ]
        distance, name, setting = min(near, key=lambda item: item[0])
        if distance < 2e-5:
            found[word] = (name, setting)
        elif word in own and np.abs(own[word](x) - gave).max() < 0.05:
            found[word] = (word, {})  # with parameters that are kept in half precision
    return found


def settings(entry: actdocs.Activation) -> list[dict[str, Any]]:
    """Give the defaults, and each word of a parameter."""
    choices = [
        {name: word} for name, domain in entry.domains.items() if isinstance(domain, Choice) for word in domain.words
    ]
    return choices or [{}]
