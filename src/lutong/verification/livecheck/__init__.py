"""实人核验: whether the person before the camera is the holder of the licence; biometrics are not kept."""
