resource "google_storage_bucket" "lake" {
  name                        = var.lake_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  # A slip in _state can be undone from the versions; purge then needs the noncurrent ones to go soon.
  versioning {
    enabled = true
  }

  # Versions do what soft deletion would, and purge must not leave a third copy behind.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # _state is what a mistake cannot be mended without.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 30
      matches_prefix             = ["lake/_state/"]
    }
    action {
      type = "Delete"
    }
  }

  # Moves leave a version of every file behind; these are of no use.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 1
      matches_prefix             = ["lake/_staging/"]
    }
    action {
      type = "Delete"
    }
  }

  # Purged and compacted rows are gone after a week.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 7
      matches_prefix             = ["lake/stories/", "lake/repeats/", "lake/held/", "lake/failures/", "lake/polls/", "lake/_raw/", "lake/_archive/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }
  # No rule deletes current objects by age: a file in _staging may be committed and wait to be published.
}

resource "google_storage_bucket" "work" {
  name                        = var.work_bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # Not staging: a stream's new workers fetch its graph from there for as long as it runs.
  lifecycle_rule {
    condition {
      age            = 30
      matches_prefix = ["dataflow/temp/"]
    }
    action {
      type = "Delete"
    }
  }
}

resource "google_artifact_registry_repository" "wirelake" {
  repository_id = "wirelake"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of wirelake, launcher and workers in one."

  docker_config {
    immutable_tags = true
  }
}

locals {
  template = {
    for mode in ["ingest", "stream"] : mode => jsonencode({
      image              = var.image
      sdkInfo            = { language = "PYTHON" }
      metadata           = jsondecode(file("${path.module}/../metadata-${mode}.json"))
      defaultEnvironment = { sdkContainerImage = var.image }
    })
  }
}

# Named by its content: a changed template is a new file, and whoever launches from the old name is told so.
resource "google_storage_bucket_object" "template" {
  for_each     = local.template
  bucket       = google_storage_bucket.work.name
  name         = "templates/${each.key}-${substr(sha256(each.value), 0, 12)}.json"
  content      = each.value
  content_type = "application/json"

  lifecycle {
    create_before_destroy = true
  }
}
