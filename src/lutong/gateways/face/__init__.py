"""人脸比对服务: the way out to the ministry's face service. Nothing of ours looks at faces by itself."""
