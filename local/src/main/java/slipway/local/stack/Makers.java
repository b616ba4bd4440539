package slipway.local.stack;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who makes which type.
 *
 * @param custom makes every type that starts with {@code Custom::}
 */
record Makers(Map<String, Provisioner> byType, Provisioner custom, Replacements replacements) {

  Makers {
    byType = Map.copyOf(byType);
  }

  boolean knows(String type) {
    return type.startsWith("Custom::") || byType.containsKey(type);
  }

  Provisioner of(String type) {
    if (type.startsWith("Custom::")) return custom;
    var provisioner = byType.get(type);
    if (provisioner == null) throw new StackFailure("local plays no resource of type " + type);
    return provisioner;
  }

  /** ARNs of all that there is. */
  List<String> existing() {
    var arns = new TreeSet<String>();
    byType.values().stream().distinct().forEach(each -> arns.addAll(each.existing()));
    arns.addAll(custom.existing());
    return List.copyOf(arns);
  }
}
