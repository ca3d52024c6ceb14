variable "project" {
  description = "Google Cloud project."
  type        = string
}

variable "region" {
  description = "Of bucket, jobs, registry and scheduler."
  type        = string
  default     = "europe-west1"
}

variable "lake_bucket" {
  description = "Name of the lake's bucket; it is made."
  type        = string
}

variable "work_bucket" {
  description = "Name of the bucket for templates and Dataflow's files; it is made."
  type        = string
}

variable "image" {
  description = "Image by digest: REGION-docker.pkg.dev/PROJECT/wirelake/wirelake@sha256:…"
  type        = string
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by digest: a tag may be moved under a running stream."
  }
}

variable "sources" {
  description = "Feed lists, feed URLs or gs:// paths of the scheduled batch."
  type        = list(string)
}

variable "source_buckets" {
  description = "Other buckets that sources lie in; the workers may read them."
  type        = list(string)
  default     = []
}

variable "secrets" {
  description = "Secret Manager secrets that feed lists refer to; the workers may read them."
  type        = list(string)
  default     = []
}

variable "subscriptions" {
  description = "Pub/Sub subscriptions of this project that a stream takes documents from (pubsub://PROJECT/NAME)."
  type        = list(string)
  default     = []
}

variable "bigquery_tables" {
  description = "Tables to show in BigQuery, once the lake has files of theirs: stories, repeats, held, failures, polls."
  type        = list(string)
  default     = []
  validation {
    condition     = length(setsubtract(var.bigquery_tables, ["stories", "repeats", "held", "failures", "polls"])) == 0
    error_message = "stories, repeats, held, failures or polls."
  }
}

variable "schedule" {
  description = "When the batch runs (cron, UTC)."
  type        = string
  default     = "*/15 * * * *"
}

variable "mode" {
  description = "ingest: a scheduled batch; stream: a job that stays. One of them writes to a lake, never both."
  type        = string
  default     = "ingest"
  validation {
    condition     = contains(["ingest", "stream"], var.mode)
    error_message = "ingest or stream."
  }
}

variable "flush" {
  description = "How long the stream gathers rows before it commits them."
  type        = string
  default     = "5m"
}

variable "contact" {
  description = "Address in the user agent, so that publishers can reach you."
  type        = string
}

variable "max_workers" {
  description = "Upper bound of autoscaling."
  type        = number
  default     = 4
}

variable "subnetwork" {
  description = "regions/REGION/subnetworks/NAME with Private Google Access and a NAT; workers have no public addresses."
  type        = string
}

variable "alert_email" {
  description = "Who is told."
  type        = string
}

variable "stale_minutes" {
  description = "Without a commit for so long, news is stale."
  type        = number
  default     = 60
}
