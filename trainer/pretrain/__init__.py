"""Pre-training of HuBERT-like models on unlabelled recordings, by masked prediction: MusicHuBERT's way and MERT's."""
