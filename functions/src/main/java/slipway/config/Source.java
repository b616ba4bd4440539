package slipway.config;

import java.util.regex.Pattern;

/**
 * Where a service's code comes from.
 *
 * @param repository owner and name at GitHub, such as {@code example/dice}
 * @param branch whose head is what should run
 */
public record Source(String repository, String branch) {
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}");

  public Source {
    if (!REPOSITORY.matcher(repository).matches())
      throw new IllegalArgumentException(
          "repository '%s': want owner/name, such as example/dice".formatted(repository));
    if (branch.isBlank())
      throw new IllegalArgumentException("branch is empty: want a name such as main");
  }

  /** Whether that is this repository's name, too: GitHub takes owner and name in any case. */
  public boolean isOf(String otherRepository) {
    return repository.equalsIgnoreCase(otherRepository);
  }

  /** As people read it: {@code example/dice, branch main}. */
  @Override
  public String toString() {
    return repository + ", branch " + branch;
  }
}
