package slipway.audit;

import java.util.List;
import java.util.stream.Collectors;
import slipway.slo.Objective.Difference;

/** A point in which what exists is not what is declared. */
sealed interface Drift {
  String service();

  String name();

  /** Declared, but does not exist. */
  record Missing(String service, String name) implements Drift {
    @Override
    public String toString() {
      return "missing " + name;
    }
  }

  /** Exists with the stack's tags, but is not declared. */
  record Undeclared(String service, String name) implements Drift {
    @Override
    public String toString() {
      return "undeclared " + name;
    }
  }

  /** Exists, but says something else. */
  record Differs(String service, String name, List<Difference> differences) implements Drift {
    public Differs {
      differences = List.copyOf(differences);
    }

    @Override
    public String toString() {
      return differences.stream()
          .map(Difference::toString)
          .collect(Collectors.joining(", ", "differs " + name + ": ", ""));
    }
  }
}
