"""Trains emlearn's models and writes them as C; runs in an environment of its own (requirements/emlearn.txt), which has none of our code.

    python tests/hil/emlearn_train.py FOLDER

Reads FOLDER/samples.npz, which emlearn_peer.py writes. Writes FOLDER/MODEL.h for each model, and FOLDER/answers.npz: what scikit-learn's
own models say of the rows for the board and of the held-out calls.
"""

import argparse
from pathlib import Path
from typing import Any

import emlearn  # type: ignore[import-not-found]
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelBinarizer

TREES = 10
MOST_LEAVES = {"trees32": 32, "trees256": 256}
"""Of a tree."""

LEAST_ROWS = 5
LEAF_BITS = 8
"""A leaf holds the shares of its labels: better than its majority alone, which is emlearn's default."""

SEED = 1


def main() -> None:
    """Trains, converts, and asks the originals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    samples = dict(np.load(folder / "samples.npz"))
    answers: dict[str, Any] = {"labels": np.unique(samples["labels"])}
    for name, leaves in MOST_LEAVES.items():
        forest = RandomForestClassifier(n_estimators=TREES, max_leaf_nodes=leaves, min_samples_leaf=LEAST_ROWS, random_state=SEED)
        forest.fit(samples["features"], samples["labels"])
        answers[f"{name}.board"] = forest.predict_proba(samples["rows"])
        answers[f"{name}.test"] = forest.predict_proba(samples["test"])
        converted = emlearn.convert(forest, method="inline", dtype="int16_t", leaf_bits=LEAF_BITS)
        save(converted, folder, f"{name}_as_is")
        # emlearn asks `value < int(threshold)` where scikit-learn asks `value <= threshold`: this makes them the same for whole numbers
        for node in converted.forest_[0]:
            node[1] = np.floor(node[1]) + 1
        save(converted, folder, name)
    network = perceptron(samples)
    answers["network.board"] = network._forward_pass_fast(samples["inputs"].astype(float))
    # in floats: this release of emlearn fails to write a network inline, and its fixed-point layers do nothing yet
    save(emlearn.convert(network, method="loadable"), folder, "network")
    np.savez(folder / "answers.npz", **answers)


def perceptron(samples: dict[str, Any]) -> MLPClassifier:
    """The released perceptron as scikit-learn's, its logits put out as they are."""
    network = MLPClassifier()
    network.coefs_ = [samples[name].T for name in sorted(samples) if name.startswith("weights")]
    network.intercepts_ = [samples[name] for name in sorted(samples) if name.startswith("bias")]
    network.n_layers_ = len(network.coefs_) + 1
    network.out_activation_ = "identity"
    network._label_binarizer = LabelBinarizer().fit(range(len(network.intercepts_[-1])))
    return network


def save(model: Any, folder: Path, name: str) -> None:
    """Writes a model as C."""
    model.save(name=name, file=str(folder / f"{name}.h"))


if __name__ == "__main__":
    main()
