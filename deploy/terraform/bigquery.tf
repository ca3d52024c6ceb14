locals {
  # The lake's tables with their hive partitions (PARTITIONS in schemas/tables.py); held has none.
  tables = {
    stories  = { partitions = "{date:DATE}/{topic:STRING}", description = "One row per kept version of a story." }
    repeats  = { partitions = "{date:DATE}", description = "Repeats, with all columns of stories and what they repeat." }
    held     = { partitions = "", description = "Embargoed or withheld rows, until released." }
    failures = { partitions = "{date:DATE}", description = "What failed, why, and where its bytes lie." }
    polls    = { partitions = "{date:DATE}", description = "One row per poll of a feed." }
  }
}

resource "google_bigquery_dataset" "news" {
  dataset_id  = "wirelake"
  location    = var.region
  description = "The lake as tables; the bytes stay in the bucket."
}

# Columns are read from the files; partition columns live in their paths only and get their types here. A folder must
# hold a file before its table can be made, so tables that are still empty are left out.
resource "google_bigquery_table" "lake" {
  for_each            = { for name, table in local.tables : name => table if contains(var.bigquery_tables, name) }
  dataset_id          = google_bigquery_dataset.news.dataset_id
  table_id            = each.key
  description         = each.value.description
  deletion_protection = false # nothing is lost with it

  external_data_configuration {
    source_format = "PARQUET"
    autodetect    = true
    source_uris   = ["${local.lake}/${each.key}/*"]

    dynamic "hive_partitioning_options" {
      for_each = each.value.partitions == "" ? [] : [each.value.partitions]
      content {
        mode                     = "CUSTOM"
        source_uri_prefix        = "${local.lake}/${each.key}/${hive_partitioning_options.value}"
        require_partition_filter = false
      }
    }

    parquet_options {
      enable_list_inference = true
    }
  }
}
