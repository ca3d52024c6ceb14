resource "google_monitoring_notification_channel" "email" {
  display_name = "wirelake"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

locals {
  # Beam counters of pipelines/steps.py, as Cloud Monitoring shows them: job/user_counter with the counter's name.
  counter = "dataflow_googleapis_com:job_user_counter"
}

# Freshness: the counter that every commit of polls raises has not moved, or no job has shown it at all.
resource "google_monitoring_alert_policy" "freshness" {
  display_name          = "wirelake: news is stale"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "no job reported a poll for ${var.stale_minutes} minutes"
    condition_prometheus_query_language {
      query               = "absent_over_time(${local.counter}{metric_name=\"polls\",job_name=~\"wirelake-.*\"}[${var.stale_minutes}m])"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }

  conditions {
    display_name = "the stream committed no poll for ${var.stale_minutes} minutes"
    condition_prometheus_query_language {
      query               = "sum(delta(${local.counter}{metric_name=\"polls\",job_name=\"wirelake-stream\"}[${var.stale_minutes}m])) == 0"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }

  conditions {
    display_name = "the stream's watermark is old"
    condition_prometheus_query_language {
      query               = "max(dataflow_googleapis_com:job_data_watermark_age{job_name=\"wirelake-stream\"}) > ${var.stale_minutes} * 60"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }

  documentation {
    content = "See deploy/runbook.md, News is stale."
  }
}

# Failures: jobs that failed, and documents that could not be read.
resource "google_monitoring_alert_policy" "failures" {
  display_name          = "wirelake: failures"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "a job failed"
    condition_prometheus_query_language {
      query               = "max(dataflow_googleapis_com:job_is_failed{job_name=~\"wirelake-.*\"}) > 0"
      duration            = "0s"
      evaluation_interval = "60s"
    }
  }

  conditions {
    display_name = "more than a tenth of what batches read failed"
    condition_prometheus_query_language {
      query               = "sum(max_over_time(${local.counter}{metric_name=\"failures\",job_name=\"wirelake-ingest\"}[1h])) > 0.1 * sum(max_over_time(${local.counter}{metric_name=\"items\",job_name=\"wirelake-ingest\"}[1h]))"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }

  conditions {
    display_name = "more than a tenth of what the stream read in an hour failed"
    condition_prometheus_query_language {
      query               = "sum(delta(${local.counter}{metric_name=\"failures\",job_name=\"wirelake-stream\"}[1h])) > 0.1 * sum(delta(${local.counter}{metric_name=\"items\",job_name=\"wirelake-stream\"}[1h]))"
      duration            = "300s"
      evaluation_interval = "60s"
    }
  }

  documentation {
    content = "See deploy/runbook.md, Failures."
  }
}

# Backlog: pulled faster than committed, or workers stand still.
resource "google_monitoring_alert_policy" "backlog" {
  display_name          = "wirelake: backlog"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "documents wait for their commit"
    condition_prometheus_query_language {
      query               = "(sum(${local.counter}{metric_name=\"documents\",ptransform=~\"PullDocuments.*\",job_name=\"wirelake-stream\"}) - sum(${local.counter}{metric_name=\"polls\",job_name=\"wirelake-stream\"})) > 5000"
      duration            = "1800s"
      evaluation_interval = "60s"
    }
  }

  conditions {
    display_name = "the stream lags"
    condition_prometheus_query_language {
      query               = "max(dataflow_googleapis_com:job_system_lag{job_name=\"wirelake-stream\"}) > 900"
      duration            = "600s"
      evaluation_interval = "60s"
    }
  }

  documentation {
    content = "See deploy/runbook.md, Backlog."
  }
}
