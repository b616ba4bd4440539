package slipway.rollout;

import java.util.Optional;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/** Repositories in ECR, in the functions' account and Region. */
final class EcrRepositories implements Repositories {
  private final EcrClient ecr;

  EcrRepositories(EcrClient ecr) {
    this.ecr = ecr;
  }

  @Override
  public Optional<TagRules> tagRules(String repository) {
    try {
      return ecr
          .describeRepositories(request -> request.repositoryNames(repository))
          .repositories()
          .stream()
          .findFirst()
          .map(EcrRepositories::rules);
    } catch (RepositoryNotFoundException _) {
      return Optional.empty();
    }
  }

  private static TagRules rules(Repository repository) {
    return new TagRules(
        switch (repository.imageTagMutability()) {
          case IMMUTABLE, IMMUTABLE_WITH_EXCLUSION -> false;
          // What is newer than the SDK is for the push to find out.
          case MUTABLE, MUTABLE_WITH_EXCLUSION, UNKNOWN_TO_SDK_VERSION -> true;
          case null -> true;
        },
        repository.imageTagMutabilityExclusionFilters().stream()
            .map(ImageTagMutabilityExclusionFilter::filter)
            .toList());
  }
}
