/** ECS: task definitions, services, rolling deployments, and tasks that are real processes. */
package slipway.local.ecs;
