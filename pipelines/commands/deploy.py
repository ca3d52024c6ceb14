"""Launch wirelake on Dataflow from its flex template; --dry-run prints the request and sends nothing.

    wirelake deploy ingest --project P --region R --template gs://B/templates/ingest.json \\
      --staging gs://B/dataflow --service-account workers@P.iam.gserviceaccount.com \\
      --set sources=gs://B/feeds.yaml --set output=gs://B/lake

Parameters of the template are the options of `wirelake ingest` and `wirelake stream` with _ for -; several values are
parted by commas, and options without a value are true or false. deploy/runbook.md tells the rest.
"""

import argparse
import json

from pipelines.config import ConfigError
from pipelines.template import MODES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("mode", choices=MODES, help="what the job runs")
    parser.add_argument("--project", required=True, help="Google Cloud project")
    parser.add_argument("--region", required=True, help="of the job")
    parser.add_argument("--template", required=True, metavar="GS_PATH", help="the template file")
    parser.add_argument("--staging", required=True, metavar="GS_PATH", help="folder for staging and temporary files")
    parser.add_argument("--service-account", required=True, metavar="EMAIL", help="of the workers")
    parser.add_argument("--job", metavar="NAME", help="default: wirelake-MODE; a stream keeps it for life")
    parser.add_argument("--image", metavar="IMAGE", help="of the workers (default: the template's)")
    parser.add_argument("--subnetwork", metavar="PATH", help="for workers without public addresses")
    parser.add_argument("--max-workers", type=int, default=4, metavar="N", help="default: 4")
    parser.add_argument("--update", action="store_true", help="replace the running stream of this name")
    parser.add_argument(
        "--map", action="append", default=[], metavar="OLD=NEW", help="renamed step, with --update; may be given again"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="parameter of the template; may be given again"
    )
    parser.add_argument("--validate-only", action="store_true", help="let the service check it and start nothing")
    parser.add_argument("--dry-run", action="store_true", help="print the request and send nothing")


def run(options: argparse.Namespace) -> int:
    """Build, and send unless told not to."""
    from pipelines.launching import Launch, launch_request, launch_url, send

    launch = Launch(
        mode=options.mode,
        project=options.project,
        region=options.region,
        job=options.job or f"wirelake-{options.mode}",
        template=options.template,
        service_account=options.service_account,
        staging=options.staging.rstrip("/"),
        image=options.image,
        subnetwork=options.subnetwork,
        max_workers=options.max_workers,
        update=options.update,
        mapping=_pairs("--map", options.map),
        values=_pairs("--set", options.set),
    )
    if options.dry_run:
        request = launch_request(launch, validate_only=options.validate_only)
        print(json.dumps({"url": launch_url(launch), "body": request}, indent=2))
        return 0
    answer = send(launch, validate_only=options.validate_only)
    print(json.dumps(answer, indent=2))
    return 0


def _pairs(option: str, texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise ConfigError(f"{option}: {text!r} is not NAME=VALUE")
        found[name] = value
    return found
