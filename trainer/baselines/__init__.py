"""Earlier studies as systems that run: each its features and its classifier, judged as any probe is."""
