package slipway.github;

import java.util.Optional;
import java.util.Set;
import slipway.config.Container;

/**
 * A build that was started, by whomever.
 *
 * @param state how far it is
 * @param commit that it builds, once that is known
 * @param repositories of ECR that its images go to
 */
public record PastBuild(State state, Optional<String> commit, Set<String> repositories) {

  /** How far a build is. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    /** By the commit's fault. */
    FAILED,
    /** By a person. */
    STOPPED,
    /** By nobody's: CodeBuild's fault, or out of time. */
    BROKEN
  }

  public PastBuild {
    repositories = Set.copyOf(repositories);
  }

  boolean isOf(Container.Built image) {
    return repositories.contains(image.repository());
  }

  /**
   * Whether its commit was dealt with. One that failed fails again. One that a person stopped is
   * meant to be stopped: what is built is rolled out, perhaps what they wanted to keep from being.
   * One that broke says nothing about its commit, which gets another try.
   */
  boolean counts() {
    return switch (state) {
      case RUNNING, SUCCEEDED, FAILED, STOPPED -> true;
      case BROKEN -> false;
    };
  }
}
