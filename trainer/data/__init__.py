"""What there is to learn from. One reader a file, all handing back the same shape."""

from trainer.data.dataset import DataError, Dataset, Entry
from trainer.data.read import read_dataset

__all__ = ["DataError", "Dataset", "Entry", "read_dataset"]
