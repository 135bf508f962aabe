"""The log as it is kept: files, their chain, signed checkpoints, and who verifies them."""
