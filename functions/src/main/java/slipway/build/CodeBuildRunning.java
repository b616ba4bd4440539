package slipway.build;

import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/** Asks CodeBuild. */
final class CodeBuildRunning implements Running {
  private final CodeBuildClient codebuild;

  CodeBuildRunning(CodeBuildClient codebuild) {
    this.codebuild = codebuild;
  }

  @Override
  public boolean runs(String build) {
    return codebuild.batchGetBuilds(request -> request.ids(build)).builds().stream()
        .anyMatch(found -> found.buildStatus() == StatusType.IN_PROGRESS);
  }
}
