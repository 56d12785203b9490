"""律师身份核验平台: the second product. who is a lawyer, since when, and who says so. 律通 asks it by wire."""
