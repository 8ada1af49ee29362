"""Everything on one time axis: overview, ruler, waveform, lanes, pitch."""
