"""The frozen values that pass between the stages; nothing here does input or output."""
