"""What is used of openvino. Merely to import it would tell its makers over the network: that is not let happen.

Nothing in this program reaches the network but the fetching of models. Without its telemetry openvino works as well.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type] # for the import system: not to be had

from openvino import Core, Model, op  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["Core", "Model", "op", "ops"]
