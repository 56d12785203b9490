"""文件进程: takes uploads (tus 1.0) and hands out file bytes, apart from the pages that slow transfers would freeze."""
