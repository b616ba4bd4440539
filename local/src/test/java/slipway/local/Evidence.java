package slipway.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import slipway.local.iam.Decision;
import slipway.local.iam.Needs;
import slipway.local.stack.LocalStack;

/** What the stacks of one test run asked of IAM, with the policies that they had. */
final class Evidence {
  private final List<Seen> stacks = new CopyOnWriteArrayList<>();

  /** A stack at the time when its tests had done with it. */
  record Seen(Needs needs, List<String> refused, long dropped) {}

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

  /** Takes a stack's; to be called when its tests are done, and before it is destroyed. */
  Seen add(LocalStack stack) {
    var iam = stack.surroundings().iam();
    var entries = iam.journal().entries();
    var refused = new ArrayList<String>();
    for (var entry : entries)
      if (entry.decision() instanceof Decision.Refused(var why))
        refused.add(entry.request() + " " + why);
    var seen =
        new Seen(
            Needs.of(stack.surroundings().stack(), stack.declared(), iam.policies(), entries),
            List.copyOf(refused),
            iam.journal().dropped());
    stacks.add(seen);
    return seen;
  }

  List<Seen> stacks() {
    return List.copyOf(stacks);
  }
}
