package slipway.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.config.Container;
import slipway.config.Service;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.ImageTagMutabilityExclusionFilter;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.TagMutability;
import software.amazon.awscdk.services.ecr.TagStatus;
import software.constructs.Construct;

/**
 * A repository for the images of each container that Slipway builds: one of the stack's own, or one
 * that is there already and stays as it is.
 */
final class Images extends Construct {
  /** Tag under which builds keep their layers for the next one; moves with each build. */
  static final String CACHE = "cache";

  private static final int KEPT = 100;
  private final Map<String, IRepository> repositories = new LinkedHashMap<>();

  /**
   * @param deployTag the tag that marks what should run
   */
  record Inputs(List<Service> services, String deployTag) {}

  Images(Construct scope, Inputs inputs) {
    super(scope, "Images");
    for (var service : inputs.services())
      for (var container : service.built())
        repositories.put(
            container.repository(),
            container.given()
                ? Repository.fromRepositoryName(
                    this, id(service, container), container.repository())
                : repository(service, container, inputs.deployTag()));
  }

  IRepository of(Container.Built container) {
    return repositories.get(container.repository());
  }

  List<IRepository> of(Service service) {
    return service.built().stream().map(this::of).toList();
  }

  List<IRepository> all() {
    return List.copyOf(repositories.values());
  }

  private static String id(Service service, Container.Built container) {
    return service.name() + "-" + container.name();
  }

  private Repository repository(Service service, Container.Built container, String deployTag) {
    return Repository.Builder.create(this, id(service, container))
        .repositoryName(container.repository())
        // A commit's image never changes; only the tags that exist to move may.
        .imageTagMutability(TagMutability.IMMUTABLE_WITH_EXCLUSION)
        .imageTagMutabilityExclusionFilters(
            List.of(
                ImageTagMutabilityExclusionFilter.wildcard(deployTag),
                ImageTagMutabilityExclusionFilter.wildcard(CACHE)))
        .imageScanOnPush(true)
        .lifecycleRules(
            List.of(
                // ECR leaves alone what a tagged index refers to.
                LifecycleRule.builder()
                    .rulePriority(1)
                    .description("what no tag holds any more")
                    .tagStatus(TagStatus.UNTAGGED)
                    .maxImageAge(Duration.days(14))
                    .build(),
                LifecycleRule.builder()
                    .rulePriority(2)
                    .description("the last " + KEPT + " images, to go back to")
                    .tagStatus(TagStatus.TAGGED)
                    .tagPatternList(List.of("*"))
                    .maxImageCount(KEPT)
                    .build()))
        .removalPolicy(RemovalPolicy.DESTROY)
        .emptyOnDelete(true)
        .build();
  }
}
