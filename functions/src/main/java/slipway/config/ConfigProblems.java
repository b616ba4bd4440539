package slipway.config;

import java.util.List;
import java.util.stream.Collectors;
import slipway.json.Malformed;

/** Everything that is wrong with a configuration, so that one look mends all of it. */
public final class ConfigProblems extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf's list is serializable, and so is Malformed
  private final List<Malformed> problems;

  /**
   * @param problems at least one, in the order of the document
   */
  public ConfigProblems(List<Malformed> problems) {
    super(problems.stream().map(Malformed::getMessage).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Each problem with its place, such as {@code services.dice.cpu}. */
  public List<Malformed> problems() {
    return problems;
  }
}
