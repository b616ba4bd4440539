package slipway.local.build;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a build looks in the API and in events. */
final class BuildViews {
  private BuildViews() {}

  /** What both show of a build. */
  record View(
      Project project,
      String id,
      String arn,
      int number,
      String initiator,
      Optional<String> sourceVersion,
      Optional<String> resolved,
      List<Map<String, Object>> variables,
      Instant started,
      Optional<Instant> ended,
      String status,
      Phases phases,
      Path log) {}

  static Map<String, Object> api(View view) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", view.id());
    tree.put("arn", view.arn());
    tree.put("buildNumber", view.number());
    tree.put("startTime", view.started().toEpochMilli() / 1000.0);
    view.ended().ifPresent(at -> tree.put("endTime", at.toEpochMilli() / 1000.0));
    tree.put("currentPhase", view.phases().current());
    tree.put("buildStatus", view.status());
    view.sourceVersion().ifPresent(version -> tree.put("sourceVersion", version));
    view.resolved().ifPresent(version -> tree.put("resolvedSourceVersion", version));
    tree.put("projectName", view.project().name());
    tree.put(
        "source",
        Map.of(
            "type", view.project().sourceType(),
            "location", view.project().location(),
            "buildspec", view.project().buildspec()));
    tree.put("phases", view.phases().forApi());
    tree.put("buildComplete", view.ended().isPresent());
    tree.put("initiator", view.initiator());
    tree.put("environment", Map.of("environmentVariables", view.variables()));
    tree.put("logs", Map.of("deepLink", view.log().toUri().toString()));
    return tree;
  }

  static Map<String, Object> event(View view) {
    var more = new LinkedHashMap<String, Object>();
    more.put("cache", Map.of("type", "NO_CACHE"));
    more.put("build-number", view.number());
    more.put("timeout-in-minutes", view.project().timeout().toMinutes());
    more.put("build-complete", view.ended().isPresent());
    more.put("initiator", view.initiator());
    more.put("build-start-time", Phases.time(view.started()));
    var source = new LinkedHashMap<String, Object>();
    source.put("buildspec", view.project().buildspec());
    source.put("location", view.project().location());
    source.put("type", view.project().sourceType());
    more.put("source", source);
    view.sourceVersion().ifPresent(version -> more.put("source-version", version));
    more.put("artifact", Map.of("location", ""));
    var environment = new LinkedHashMap<>(view.project().environment());
    environment.put("environment-variables", view.variables());
    more.put("environment", environment);
    more.put("project-file-system-locations", List.of());
    var logs = new LinkedHashMap<String, Object>();
    // Like on AWS the log has no place yet while the build is starting.
    if (view.ended().isPresent()) {
      logs.put("group-name", "/aws/codebuild/" + view.project().name());
      logs.put("stream-name", view.id().substring(view.id().indexOf(':') + 1));
    }
    logs.put("deep-link", view.log().toUri().toString());
    more.put("logs", logs);
    if (view.ended().isPresent()) more.put("phases", view.phases().forEvent());
    more.put("queued-timeout-in-minutes", 480);
    var detail = new LinkedHashMap<String, Object>();
    detail.put("build-status", view.status());
    detail.put("project-name", view.project().name());
    detail.put("build-id", view.arn());
    detail.put("additional-information", more);
    detail.put("current-phase", view.ended().isPresent() ? "COMPLETED" : "SUBMITTED");
    detail.put("current-phase-context", view.ended().isPresent() ? "[: ]" : "[]");
    detail.put("version", "1");
    return detail;
  }
}
