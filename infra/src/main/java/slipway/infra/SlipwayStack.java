package slipway.infra;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import slipway.config.Adoption;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Setting;
import slipway.json.Json;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.applicationsignals.CfnDiscovery;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.ecr.IRepository;
import software.constructs.Construct;
import software.constructs.IDependable;

/** Everything that Slipway is on AWS; only wires its parts. */
final class SlipwayStack extends Stack {
  /**
   * @param code folder with the functions' classes and libraries
   * @param layer folder with the functions' configuration, slipway.json
   * @param target account and Region that it goes to; none: any, as nothing is looked up there
   */
  record Inputs(Config config, Path code, Path layer, Optional<Environment> target) {}

  SlipwayStack(Construct scope, Inputs inputs) {
    super(
        scope,
        inputs.config().stack(),
        StackProps.builder()
            .env(inputs.target().orElse(null))
            .stackName(inputs.config().stack())
            .description(
                "Slipway: a git push to "
                    + inputs.config().github().repository()
                    + ", and minutes later it serves on ECS Fargate")
            .build());
    var config = inputs.config();
    var token = config.github().tokenSecret().map(name -> GitHubToken.of(this, name));
    // All that runs in it may be there already; then there is nothing to make a network for.
    var network =
        config.services().stream().allMatch(service -> service.adoption().isPresent())
            ? Optional.<Network>empty()
            : Optional.of(new Network(this, new Network.Inputs(config)));
    var images =
        new Images(this, new Images.Inputs(config.services(), config.github().deployTag()));
    var logs = new AccessLogs(this);
    var state = new State(this, new State.Inputs(logs));
    var alerts = new Alerts(this, new Alerts.Inputs(config.stack()));
    var queues = new Queues(this, new Queues.Inputs(config.stack()));
    alerts.watch(queues.dead());
    var builds = new Builds(this, new Builds.Inputs(config, token, images.all()));
    var places = new LinkedHashMap<Service, Construct>();
    var balancers = new LinkedHashMap<Service, Balancer>();
    var addresses = new LinkedHashMap<Service, String>();
    for (var service : config.services()) {
      var place = new Construct(this, service.name().value());
      places.put(service, place);
      if (service.adoption().isPresent()) {
        var url = service.adoption().flatMap(Adoption::url);
        url.ifPresent(it -> addresses.put(service, it.toString()));
      } else {
        var balancer =
            new Balancer(place, new Balancer.Inputs(service, network.orElseThrow(), logs));
        balancers.put(service, balancer);
        addresses.put(service, balancer.address());
      }
    }
    var templates = new LinkedHashMap<Service, Template>();
    balancers.forEach(
        (service, _) ->
            templates.put(
                service,
                new Template(
                    places.get(service),
                    new Template.Inputs(
                        config.stack(),
                        service,
                        images,
                        config.github().deployTag(),
                        neighbours(service, addresses)))));
    var permissions = permissions(config, token, templates, images, state, alerts, queues, builds);
    var deployer =
        new Deployer(
            this,
            new Deployer.Inputs(
                config.stack(),
                inputs.code(),
                inputs.layer(),
                settings(config, token, state, alerts, queues, builds, addresses),
                permissions,
                queues.deadEvents));
    var events =
        new Events(
            this, new Events.Inputs(config, deployer, queues, builds.project.getProjectName()));
    alerts.watch(deployer);
    alerts.watch(builds.project);
    config.services().forEach(alerts::watch);
    new Dashboard(this, dashboard(config, deployer, queues, builds, alerts, state));
    var discovery = CfnDiscovery.Builder.create(this, "Discovery").build();
    places.forEach(
        (service, place) -> {
          // A first release is made by all of these together, and nothing in the template says so.
          // Not by the rollout function: it waits for load balancers, and its messages wait for it.
          var readiness =
              new ArrayList<IDependable>(
                  List.of(deployer.firstRelease, deployer.build, events, builds, images, queues));
          var burns =
              new BurnAlarms(place, new BurnAlarms.Inputs(config.stack(), service, alerts.topic));
          if (service.adoption().isPresent())
            new AdoptedService(
                place,
                new AdoptedService.Inputs(config, service, deployer.firstRelease, readiness));
          else {
            readiness.add(templates.get(service));
            new BalancedService(
                    place,
                    new BalancedService.Inputs(
                        service,
                        network.orElseThrow(),
                        templates.get(service),
                        balancers.get(service),
                        deployer.firstRelease,
                        burns.fast,
                        readiness))
                .service
                .getNode()
                .addDependency(discovery);
          }
        });
    var alone = config.services().size() == 1;
    addresses.forEach(
        (service, address) -> {
          service
              .canary()
              .ifPresent(
                  canary -> {
                    var visitor =
                        new Visitor(
                            places.get(service),
                            new Visitor.Inputs(
                                config.stack(), service, canary, address, state.reports));
                    // Before that its name leads nowhere.
                    if (service.domain().isPresent())
                      visitor.getNode().addDependency(balancers.get(service));
                  });
          output(
              "LoadBalancerUrl" + (alone ? "" : title(service.name())),
              "Where " + service.name() + " answers",
              address);
        });
    balancers.forEach(
        (service, balancer) ->
            balancer
                .dnsTarget()
                .ifPresent(
                    target ->
                        output(
                            "DnsTarget" + (alone ? "" : title(service.name())),
                            "What your DNS must let the name of %s lead to: a CNAME record, or an alias"
                                .formatted(service.name()),
                            target)));
    tell(deployer, state, alerts, queues, builds);
  }

  /** What a person needs after a deploy. */
  private void tell(Deployer deployer, State state, Alerts alerts, Queues queues, Builds builds) {
    output("WebhookUrl", "For the webhook in GitHub's settings", deployer.webhookUrl.getUrl());
    output("WebhookSecretArn", "Where the webhook's secret is", state.webhookSecret.getSecretArn());
    output("TopicArn", "To subscribe to for notifications", alerts.topic.getTopicArn());
    output("ReportsBucket", "Where audit reports go", state.reports.getBucketName());
    output("ProjectName", "What builds the images", builds.project.getProjectName());
    output(
        "OperatorFunctionName",
        "For status, history, pin, rollback and freeze by aws lambda invoke",
        deployer.operator.alias.getFunctionName());
    output(
        "AuditFunctionName",
        "For an audit now, by aws lambda invoke with {\"audit\":\"why\"}",
        deployer.audit.alias.getFunctionName());
    output(
        "RolloutQueueUrl", "Who asks here has a service reconciled", queues.rollouts.getQueueUrl());
  }

  /** Where the other services answer, as the environment tells it: {@code CUSTOMERS_URL}. */
  private static Map<String, String> neighbours(Service service, Map<Service, String> addresses) {
    var others = new LinkedHashMap<String, String>();
    addresses.forEach(
        (other, address) -> {
          if (other != service)
            others.put(
                other.name().value().replace('-', '_').toUpperCase(Locale.ROOT) + "_URL", address);
        });
    return others;
  }

  private Permissions permissions(
      Config config,
      Optional<GitHubToken> token,
      Map<Service, Template> templates,
      Images images,
      State state,
      Alerts alerts,
      Queues queues,
      Builds builds) {
    return new Permissions(
        this,
        config.cluster(),
        config.services(),
        templates.values().stream()
            .map(template -> template.definition)
            .flatMap(
                task ->
                    List.of(
                        task.getTaskRole().getRoleArn(), task.obtainExecutionRole().getRoleArn())
                        .stream())
            .toList(),
        state.table.getTableArn(),
        alerts.topic.getTopicArn(),
        alerts.key.getKeyArn(),
        builds.project.getProjectArn(),
        state.webhookSecret.getSecretArn(),
        state.reports.getBucketArn(),
        queues.rollouts.getQueueArn(),
        queues.slos.getQueueArn(),
        images.all().stream().map(IRepository::getRepositoryArn).toList(),
        token);
  }

  private static Dashboard.Inputs dashboard(
      Config config, Deployer deployer, Queues queues, Builds builds, Alerts alerts, State state) {
    var dead = new LinkedHashMap<String, String>();
    queues.dead().forEach(queue -> dead.put(queue.getNode().getId(), queue.getQueueName()));
    return new Dashboard.Inputs(
        config,
        deployer.all().stream()
            .map(function -> new Dashboard.Watched(function.title(), function.name(), function.log))
            .toList(),
        dead,
        builds.project.getProjectName(),
        alerts.alarms().stream().map(Alarm::getAlarmArn).toList(),
        state.reports.getBucketName());
  }

  private static Map<Setting, String> settings(
      Config config,
      Optional<GitHubToken> token,
      State state,
      Alerts alerts,
      Queues queues,
      Builds builds,
      Map<Service, String> addresses) {
    var values = new EnumMap<Setting, String>(Setting.class);
    values.put(Setting.SLIPWAY_CONFIG, "/opt/slipway.json");
    values.put(Setting.SLIPWAY_TABLE, state.table.getTableName());
    values.put(Setting.SLIPWAY_TOPIC, alerts.topic.getTopicArn());
    values.put(Setting.SLIPWAY_PROJECT, builds.project.getProjectName());
    values.put(Setting.SLIPWAY_WEBHOOK_SECRET, state.webhookSecret.getSecretArn());
    token.ifPresent(secret -> values.put(Setting.SLIPWAY_GITHUB_TOKEN, secret.arn()));
    values.put(Setting.GITHUB_API_URL, config.github().api().toString());
    values.put(Setting.SLIPWAY_ROLLOUT_QUEUE, queues.rollouts.getQueueUrl());
    values.put(Setting.SLIPWAY_SLO_QUEUE, queues.slos.getQueueUrl());
    values.put(Setting.SLIPWAY_SLO_ATTEMPTS, String.valueOf(Queues.SLO_ATTEMPTS));
    var byName = new LinkedHashMap<String, String>();
    addresses.forEach((service, address) -> byName.put(service.name().value(), address));
    values.put(Setting.SLIPWAY_ADDRESSES, Json.write(byName));
    values.put(Setting.SLIPWAY_REPORTS, state.reports.getBucketName());
    return values;
  }

  private void output(String id, String description, String value) {
    CfnOutput.Builder.create(this, id).description(description).value(value).build();
  }

  /** Logical ids are letters and digits only: {@code my-dice} gives {@code MyDice}. */
  private static String title(ServiceName name) {
    var title = new StringBuilder();
    for (var word : name.value().split("-"))
      title.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    return title.toString();
  }
}
