// Package store keeps the desk's books in one DynamoDB table. The design (keys, items, indexes) is written here
// once, over the small driver [Table], so that the local file and DynamoDB hold the very same items at the same cost.
package store
