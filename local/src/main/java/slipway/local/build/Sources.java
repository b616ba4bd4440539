package slipway.local.build;

/** Where the repositories that projects name really are. */
@FunctionalInterface
public interface Sources {

  /**
   * @param location of the project, such as {@code https://github.com/example/dice.git}
   * @return what git clones instead
   */
  String local(String location);
}
