# Runs launcher and workers: reads and writes the lake, nothing else of the project.
resource "google_service_account" "worker" {
  account_id   = "wirelake-worker"
  display_name = "wirelake workers"
}

# Starts the batch job, and may touch no data.
resource "google_service_account" "scheduler" {
  account_id   = "wirelake-scheduler"
  display_name = "wirelake scheduler"
}

resource "google_project_iam_member" "worker_dataflow" {
  project = var.project
  role    = "roles/dataflow.worker"
  member  = google_service_account.worker.member
}

# At an update the launcher looks up the job that it replaces.
resource "google_project_iam_member" "worker_sees_jobs" {
  project = var.project
  role    = "roles/dataflow.viewer"
  member  = google_service_account.worker.member
}

resource "google_storage_bucket_iam_member" "worker_lake" {
  bucket = google_storage_bucket.lake.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

resource "google_storage_bucket_iam_member" "worker_work" {
  bucket = google_storage_bucket.work.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

# Dataflow's runner asks for the bucket itself before it stages.
resource "google_storage_bucket_iam_member" "worker_work_bucket" {
  bucket = google_storage_bucket.work.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.worker.member
}

resource "google_storage_bucket_iam_member" "worker_sources" {
  for_each = toset(var.source_buckets)
  bucket   = each.value
  role     = "roles/storage.objectViewer"
  member   = google_service_account.worker.member
}

resource "google_pubsub_subscription_iam_member" "worker_subscriptions" {
  for_each     = toset(var.subscriptions)
  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.worker.member
}

resource "google_secret_manager_secret_iam_member" "worker_secrets" {
  for_each  = toset(var.secrets)
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.worker.member
}

resource "google_artifact_registry_repository_iam_member" "worker_image" {
  repository = google_artifact_registry_repository.wirelake.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.worker.member
}

resource "google_project_iam_member" "scheduler_dataflow" {
  project = var.project
  role    = "roles/dataflow.developer"
  member  = google_service_account.scheduler.member
}

# Only this account may be handed to a job.
resource "google_service_account_iam_member" "scheduler_as_worker" {
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.scheduler.member
}

resource "google_storage_bucket_iam_member" "scheduler_templates" {
  bucket = google_storage_bucket.work.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.scheduler.member
}
