"""From the whole to the detail: verdict, segment, explanation, profile, degrees."""
