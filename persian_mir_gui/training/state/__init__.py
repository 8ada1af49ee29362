"""What the trainer’s pages stand on: the data, the child process, the runs, their results. No widgets."""
