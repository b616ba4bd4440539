package slipway.build;

import static java.util.stream.Collectors.toSet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.github.BuildHistory;
import slipway.github.PastBuild;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;

/** The last hundred builds of the stack's project for images. */
public final class CodeBuildHistory implements BuildHistory {
  private final CodeBuildClient codebuild;
  private final String project;

  public CodeBuildHistory(CodeBuildClient codebuild, String project) {
    this.codebuild = codebuild;
    this.project = project;
  }

  @Override
  public List<PastBuild> recent() {
    // Newest first unless told otherwise; and being told is an error once there are more than 100.
    var ids = codebuild.listBuildsForProject(r -> r.projectName(project)).ids();
    if (ids.isEmpty()) return List.of();
    var builds = new HashMap<String, Build>();
    codebuild.batchGetBuilds(r -> r.ids(ids)).builds().forEach(b -> builds.put(b.id(), b));
    return ids.stream()
        .map(builds::get)
        .filter(Objects::nonNull)
        .map(CodeBuildHistory::past)
        .toList();
  }

  private static PastBuild past(Build build) {
    var variables = variables(build);
    return new PastBuild(
        state(build),
        Stream.of(
                variables.get(BuildReport.COMMIT),
                build.resolvedSourceVersion(),
                build.sourceVersion())
            .filter(Objects::nonNull)
            .filter(BuildReport::isCommit)
            .findFirst(),
        Image.read(variables.getOrDefault(Image.VARIABLE, "")).stream()
            .map(Image::repository)
            .flatMap(Optional::stream)
            .collect(toSet()));
  }

  private static PastBuild.State state(Build build) {
    return switch (build.buildStatus()) {
      case IN_PROGRESS -> PastBuild.State.RUNNING;
      case SUCCEEDED -> PastBuild.State.SUCCEEDED;
      case FAILED -> PastBuild.State.FAILED;
      case STOPPED -> PastBuild.State.STOPPED;
      case FAULT, TIMED_OUT, UNKNOWN_TO_SDK_VERSION -> PastBuild.State.BROKEN;
    };
  }

  private static Map<String, String> variables(Build build) {
    return build.environment() == null
        ? Map.of()
        : build.environment().environmentVariables().stream()
            .filter(variable -> variable.value() != null)
            .collect(
                Collectors.toMap(
                    EnvironmentVariable::name, EnvironmentVariable::value, (_, last) -> last));
  }
}
