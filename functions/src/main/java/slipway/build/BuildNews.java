package slipway.build;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.github.CommitStatuses;
import slipway.notice.About;

/**
 * Whom to tell what about a build.
 *
 * @param about the commit and the services whose images are built
 * @param summary one line for the log
 * @param status for the commit, if it is known
 * @param failure what to do about a build that made no images
 */
record BuildNews(About about, String summary, Optional<Status> status, Optional<Failure> failure) {
  /** Context of the commit status. */
  static final String CONTEXT = "slipway/build";

  /** A commit status. */
  record Status(
      String repository,
      String commit,
      CommitStatuses.State state,
      String description,
      Optional<URI> target) {}

  /**
   * A failed build.
   *
   * @param services whose first release cannot come from this build
   * @param reason one line
   * @param subject of the notification
   * @param text of the notification
   */
  record Failure(List<ServiceName> services, String reason, String subject, String text) {
    Failure {
      services = List.copyOf(services);
    }
  }

  /** Decides. */
  static BuildNews of(BuildReport report, Config config) {
    var images = images(report);
    return switch (report.state()) {
      case BuildReport.State.Running _ ->
          news(
              report, config, CommitStatuses.State.PENDING, "building " + images, Optional.empty());
      case BuildReport.State.Succeeded _ ->
          news(report, config, CommitStatuses.State.SUCCESS, "built " + images, Optional.empty());
      case BuildReport.State.Failed failed -> {
        var reason = reason(failed);
        var state =
            failed.commitsFault() ? CommitStatuses.State.FAILURE : CommitStatuses.State.ERROR;
        var failure =
            new Failure(
                services(report, config),
                "build %s of %s %s".formatted(report.id(), images, reason),
                "Build of %s %s".formatted(images, head(failed)),
                text(report, failed, config));
        yield news(report, config, state, reason, Optional.of(failure));
      }
    };
  }

  /** Decides about a build of which we hear that it runs when it has ended: there is no news. */
  static BuildNews late(BuildReport report, Config config) {
    return new BuildNews(
        about(report, config),
        "Build %s: has ended before this event came that it runs".formatted(report.id()),
        Optional.empty(),
        Optional.empty());
  }

  private static About about(BuildReport report, Config config) {
    return About.services(services(report, config).stream().map(ServiceName::value).toList())
        .commit(report.commit());
  }

  private static BuildNews news(
      BuildReport report,
      Config config,
      CommitStatuses.State state,
      String description,
      Optional<Failure> failure) {
    var status =
        report
            .commit()
            .map(c -> new Status(repository(report, config), c, state, description, report.log()));
    var where =
        report
            .commit()
            .map(commit -> "commit " + commit)
            .orElse(
                "no commit status, as neither COMMIT nor the source version '%s' is a commit"
                    .formatted(report.sourceVersion()));
    return new BuildNews(
        about(report, config),
        "Build %s: %s: %s".formatted(report.id(), description, where),
        status,
        failure);
  }

  /** Such as: failed in BUILD: COMMAND_EXECUTION_ERROR: …; the commit status begins with it. */
  private static String reason(BuildReport.State.Failed failed) {
    return failed.message().isEmpty() ? head(failed) : head(failed) + ": " + failed.message();
  }

  private static String head(BuildReport.State.Failed failed) {
    return failed.where().map(phase -> failed.how() + " in " + phase).orElse(failed.how());
  }

  private static String text(BuildReport report, BuildReport.State.Failed failed, Config config) {
    return """
    Build %s of %s %s.

    Commit: %s
    Phase: %s
    Message: %s
    Log: %s

    What runs is unchanged. Fix the cause and push, or start the build again in CodeBuild.
    """
        .formatted(
            report.id(),
            images(report),
            failed.how(),
            report
                .commit()
                .map(commit -> page(report, config, commit))
                .orElse("not known; the source version is '" + report.sourceVersion() + "'"),
            failed.where().orElse("not known"),
            failed.message().isEmpty() ? "none" : failed.message(),
            report.log().map(URI::toString).orElse("none yet"));
  }

  private static String page(BuildReport report, Config config, String commit) {
    return "%s/%s/commit/%s"
        .formatted(
            config.github().web().toString().replaceAll("/+$", ""),
            repository(report, config),
            commit);
  }

  /** That of the services whose images these are; else what was cloned, if the event tells. */
  private static String repository(BuildReport report, Config config) {
    return config.services().stream()
        .filter(service -> service.built().stream().anyMatch(report::names))
        .map(service -> service.source().repository())
        .findFirst()
        .or(report::repository)
        .orElse(config.github().repository());
  }

  /** A build that does not tell its images may have been anyone's. */
  private static List<ServiceName> services(BuildReport report, Config config) {
    return config.services().stream()
        .filter(
            service ->
                report.images().isEmpty() || service.built().stream().anyMatch(report::names))
        .map(Service::name)
        .toList();
  }

  private static String images(BuildReport report) {
    return report.images().isEmpty()
        ? "images"
        : report.images().stream().map(Image::toString).collect(joining(", "));
  }
}
