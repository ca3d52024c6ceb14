"""Rows to Parquet files: Arrow tables, partitions and names."""
