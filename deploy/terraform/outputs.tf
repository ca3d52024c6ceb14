output "lake" {
  description = "Where the lake lies."
  value       = local.lake
}

output "templates" {
  description = "For `wirelake deploy --template`."
  value       = { for mode, object in google_storage_bucket_object.template : mode => "gs://${object.bucket}/${object.name}" }
}

output "worker" {
  description = "For `wirelake deploy --service-account`."
  value       = google_service_account.worker.email
}
