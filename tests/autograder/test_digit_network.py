"""Training the network that the course carries."""

import numpy as np

from autograder import digit_network
from autograder.reference.network import forward
from course.data import network
from course.data.digits import digits_apart


def test_the_command_writes_the_file_that_the_course_carries(tmp_path, monkeypatch, capsys):
    """Trained again, is it the same network: the same answers, and parameters that agree?

    Other processors round otherwise, and training makes much of little: so answers to 98 of 100.
    """
    monkeypatch.setattr(digit_network, "FILE", tmp_path / "network.npz")
    assert digit_network.main([]) == 0
    assert "test: 0.9" in capsys.readouterr().out
    with np.load(tmp_path / "network.npz") as data:
        again = {name: data[name].astype(np.float64) for name in network()}
    kept = network()
    assert {name: value.shape for name, value in again.items()} == {
        name: value.shape for name, value in kept.items()
    }
    x = digits_apart()["test"][0][:, np.newaxis] / 16
    said = [forward(params, x).argmax(axis=1) for params in (again, kept)]
    assert np.mean(said[0] == said[1]) >= 0.98
