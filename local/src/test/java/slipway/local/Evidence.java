package slipway.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import slipway.local.iam.Decision;
import slipway.local.iam.Journal;
import slipway.local.iam.Policies;
import slipway.local.stack.LocalStack;
import slipway.local.stack.Provisioner;

/** What the stacks of one test run asked of IAM, with the policies that they had. */
final class Evidence {
  private final List<Stack> stacks = new CopyOnWriteArrayList<>();

  /**
   * A stack at the time when its test had done with it.
   *
   * @param resources by logical id
   */
  record Stack(
      Map<String, Provisioner.Made> resources,
      Policies policies,
      List<Journal.Entry> entries,
      long dropped) {}

  /** Gives tests the evidence of their run. */
  static final class OfTheRun implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Evidence.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Evidence.class))
          .computeIfAbsent(Evidence.class, _ -> new Evidence(), Evidence.class);
    }
  }

  void add(LocalStack stack) {
    var iam = stack.surroundings().iam();
    stacks.add(
        new Stack(
            stack.resources(), iam.policies(), iam.journal().entries(), iam.journal().dropped()));
  }

  List<Stack> stacks() {
    return List.copyOf(stacks);
  }

  /** Every request that was refused. */
  List<String> refused() {
    var refused = new ArrayList<String>();
    for (var stack : stacks)
      for (var entry : stack.entries())
        if (entry.decision() instanceof Decision.Refused(var why))
          refused.add(entry.request() + " " + why);
    return refused;
  }
}
