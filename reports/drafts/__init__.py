"""A report from draft to record: worded, cut off, signed, approved, published, read and fetched."""
