resource "google_bigquery_dataset" "news" {
  dataset_id  = "wirelake"
  location    = var.region
  description = "The lake as tables; the bytes stay in the bucket."
}

resource "google_bigquery_table" "stories" {
  dataset_id          = google_bigquery_dataset.news.dataset_id
  table_id            = "stories"
  description         = "One row per kept version of a story."
  deletion_protection = false # nothing is lost with it

  external_data_configuration {
    source_format = "PARQUET"
    autodetect    = true
    source_uris   = ["${local.lake}/stories/*"]

    hive_partitioning_options {
      mode                     = "CUSTOM"
      source_uri_prefix        = "${local.lake}/stories/{date:DATE}/{topic:STRING}"
      require_partition_filter = false
    }

    parquet_options {
      enable_list_inference = true
    }
  }
}

resource "google_bigquery_table" "polls" {
  dataset_id          = google_bigquery_dataset.news.dataset_id
  table_id            = "polls"
  description         = "One row per poll of a feed."
  deletion_protection = false

  external_data_configuration {
    source_format = "PARQUET"
    autodetect    = true
    source_uris   = ["${local.lake}/polls/*"]

    hive_partitioning_options {
      mode                     = "CUSTOM"
      source_uri_prefix        = "${local.lake}/polls/{date:DATE}"
      require_partition_filter = false
    }

    parquet_options {
      enable_list_inference = true
    }
  }
}

resource "google_bigquery_table" "failures" {
  dataset_id          = google_bigquery_dataset.news.dataset_id
  table_id            = "failures"
  description         = "What failed, why, and where its bytes lie."
  deletion_protection = false

  external_data_configuration {
    source_format = "PARQUET"
    autodetect    = true
    source_uris   = ["${local.lake}/failures/*"]

    hive_partitioning_options {
      mode                     = "CUSTOM"
      source_uri_prefix        = "${local.lake}/failures/{date:DATE}"
      require_partition_filter = false
    }

    parquet_options {
      enable_list_inference = true
    }
  }
}
