package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.constructs.Construct;
import software.constructs.IDependable;

/** The way from images to the first revision; the stack waits for it, and for nothing after. */
final class Release {
  private Release() {}

  /**
   * Makes a custom resource.
   *
   * @param properties what the function is told, and what it acts on when it changes
   * @param readiness what must stand before a first release can come about
   */
  static CustomResource of(
      Construct scope,
      LiveFunction firstRelease,
      Map<String, String> properties,
      List<? extends IDependable> readiness) {
    var release =
        CustomResource.Builder.create(scope, "Release")
            .resourceType("Custom::SlipwayRelease")
            .serviceToken(firstRelease.alias.getFunctionArn())
            // As long as CloudFormation waits at all: builds may have to queue in a new account.
            .serviceTimeout(Duration.hours(1))
            .properties(sorted(properties))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    readiness.forEach(release.getNode()::addDependency);
    return release;
  }
}
