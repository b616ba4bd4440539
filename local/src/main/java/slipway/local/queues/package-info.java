/** SQS: standard and FIFO queues in memory, with redrive, on local's pace. */
package slipway.local.queues;
