locals {
  lake       = "gs://${google_storage_bucket.lake.name}/lake"
  dataflow   = "gs://${google_storage_bucket.work.name}/dataflow"
  experiment = ["use_runner_v2", "no_use_multiple_sdk_containers"]

  # The body of projects.locations.flexTemplates.launch, as `wirelake deploy ingest --dry-run` prints it.
  launch_ingest = {
    launchParameter = {
      jobName              = "wirelake-ingest"
      containerSpecGcsPath = "gs://${google_storage_bucket.work.name}/${google_storage_bucket_object.template["ingest"].name}"
      parameters = {
        mode    = "ingest"
        sources = join(",", var.sources)
        output  = local.lake
        contact = var.contact
        due     = "true"
      }
      environment = {
        serviceAccountEmail   = google_service_account.worker.email
        stagingLocation       = "${local.dataflow}/staging"
        tempLocation          = "${local.dataflow}/temp"
        maxWorkers            = var.max_workers
        enableStreamingEngine = false
        additionalExperiments = local.experiment
        additionalUserLabels  = { app = "wirelake", mode = "ingest" }
        ipConfiguration       = "WORKER_IP_PRIVATE"
        subnetwork            = var.subnetwork
      }
    }
    validateOnly = false
  }
}

# A run that is still going has the job's name, so Dataflow refuses the next one: runs never pile up.
resource "google_cloud_scheduler_job" "ingest" {
  count            = var.mode == "ingest" ? 1 : 0
  name             = "wirelake-ingest"
  region           = var.region
  schedule         = var.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "60s"

  retry_config {
    retry_count = 1
  }

  http_target {
    http_method = "POST"
    uri         = "https://dataflow.googleapis.com/v1b3/projects/${var.project}/locations/${var.region}/flexTemplates:launch"
    body        = base64encode(jsonencode(local.launch_ingest))
    headers     = { "Content-Type" = "application/json" }

    oauth_token {
      service_account_email = google_service_account.scheduler.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }
}

resource "google_dataflow_flex_template_job" "stream" {
  provider                     = google-beta
  count                        = var.mode == "stream" ? 1 : 0
  name                         = "wirelake-stream"
  region                       = var.region
  container_spec_gcs_path      = "gs://${google_storage_bucket.work.name}/${google_storage_bucket_object.template["stream"].name}"
  on_delete                    = "drain"
  skip_wait_on_job_termination = false
  service_account_email        = google_service_account.worker.email
  staging_location             = "${local.dataflow}/staging"
  temp_location                = "${local.dataflow}/temp"
  sdk_container_image          = var.image
  max_workers                  = var.max_workers
  enable_streaming_engine      = true
  additional_experiments       = local.experiment
  ip_configuration             = "WORKER_IP_PRIVATE"
  subnetwork                   = var.subnetwork
  labels                       = { app = "wirelake", mode = "stream" }

  parameters = {
    mode    = "stream"
    sources = join(",", var.sources)
    output  = local.lake
    contact = var.contact
    flush   = var.flush
  }
}
